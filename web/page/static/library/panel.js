// The panel beside the chat: the list of statements, or one statement under its name.
"use strict";
shutten.panel = (() => {
  const { choice, language, library, make, say, statement } = shutten;
  const reader = make("div", "reader", "");
  const back = make("button", "back", `‹ ${say("statements")}`, { type: "button" });
  const name = make("h2", "name", "");
  const tick = make("input", "", "", { type: "checkbox" });
  const label = make("label", "ask-this", "");
  const top = make("div", "naming", "");
  const growing = Boolean(window.shuttenMost.files); // whether readers may add statements
  let several = false; // whether there are several statements
  let shown = ""; // the id of the statement in the reader
  let query = ""; // asks the last question again, in the address of the page

  function attach(element) {
    label.append(tick, say("choose_this"));
    top.append(name, label);
    statement.bar.prepend(back);
    reader.append(statement.bar, top, statement.hint, shutten.about.box, statement.article);
    element.replaceChildren(statement.spoken, library.box, reader);
    // The button in the header tells early that the list will be shown first.
    turn(!document.querySelector("#shutten-statements[data-several]"));
    arrange();
  }

  const hasList = () => several || growing;

  function arrange() {
    back.hidden = top.hidden = !hasList();
    label.hidden = !several;
  }

  function update(rows, list) {
    several = rows.length > 1;
    arrange();
    statement.add(rows, list);
    choice.update(rows);
    library.update(rows);
    if (!hasList() && !library.box.hidden) turn(true);
    if (shown && !statement.has(shown) && hasList()) {
      shown = "";
      turn(false);
    }
  }

  function turn(toReader) {
    library.box.hidden = toReader;
    reader.hidden = !toReader;
  }

  // Shows one statement, which `statement.js` has built.
  function read(row) {
    shown = row.id;
    name.textContent = row[language].name;
    mark();
    turn(true);
  }

  // Shows the list. Unless it is quiet, the list gets the focus.
  function list({ quiet = false } = {}) {
    if (!hasList()) return;
    turn(false);
    if (quiet) return;
    document.querySelector('#shutten-tabs [role="tab"]:first-child').click();
    visit(null);
    // On a phone the panel is below the chat, and must come into view.
    library.box.scrollIntoView({ block: "nearest" });
    library.focus(shown);
  }

  // Goes to the list. If the statement was opened from it, this is a step back, as with the button
  // of the browser.
  function leave() {
    if (history.state?.panel) history.back();
    else list();
  }

  // Opens a statement that the reader has chosen to read.
  async function open(id) {
    const fromList = !library.box.hidden;
    if (!(await statement.show(id))) return;
    if (fromList) {
      history.replaceState({ panel: "" }, "");
      history.pushState({ panel: id }, "");
    }
    visit(id);
    reader.scrollIntoView({ block: "nearest" });
    statement.article.focus({ preventScroll: true });
  }

  addEventListener("popstate", ({ state }) => {
    if (state?.panel === "") list();
    else if (state?.panel) statement.show(state.panel);
  });

  // Writes into the address which statement is open, or else the last question.
  function visit(id) {
    const search = id === null ? query : `?${new URLSearchParams({ s: id })}`;
    history.replaceState(history.state, "", location.pathname + search);
  }

  // Takes the last question, and the statements that it was asked of, for the address.
  function ask(question, within) {
    const chosen = within.map((id) => `&in=${encodeURIComponent(id)}`);
    query = question ? `?q=${encodeURIComponent(question)}${chosen.join("")}` : "";
  }

  const mark = () => { tick.checked = choice.has(shown); };

  back.addEventListener("click", leave);
  tick.addEventListener("change", () => { if (!choice.toggle(shown, tick.checked)) mark(); });
  choice.onChange(mark);
  library.onOpen(open);
  reader.addEventListener("keydown", (event) => {
    const writing = event.target.matches("input[type=search]") && event.target.value;
    if (event.key !== "Escape" || writing || document.body.classList.contains("picking")) return;
    leave();
  });

  return { ask, attach, leave, list, open, read, update, visit };
})();
