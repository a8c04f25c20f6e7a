// Correcting the facts of a statement that is here, and removing it.
"use strict";
shutten.correcting = (() => {
  const { adding, factsForm, make, panel, say, sending, statement } = shutten;
  const wrong = make("p", "wrong", "", { role: "alert" });
  const address = (id) => `statements/${encodeURIComponent(id)}`;

  const correction = shutten.dialog("correction");
  const save = make("button", "main", say("save"), { type: "submit", form: "shutten-correction" });
  const removal = shutten.dialog("removal");
  const remove = make("button", "main", say("remove"), { type: "button" });
  let id = ""; // of the statement that a dialog is about
  let form = null;

  async function correct(named, button) {
    const { status, data } = await sending.request("GET", address(named));
    if (status !== 200) return statement.announce(data.error || say("lost"));
    id = named;
    form = factsForm(data.found);
    form.form.id = "shutten-correction";
    form.form.addEventListener("submit", (event) => { event.preventDefault(); store(); });
    wrong.textContent = "";
    correction.body.replaceChildren(make("p", "note", say("facts_hint")), form.form);
    correction.buttons.replaceChildren(wrong, save, correction.cancel);
    correction.open(statement.nameOf(id), button);
    return form.focus();
  }

  async function store() {
    const facts = form.changed();
    wrong.textContent = "";
    if (Object.keys(facts).length) {
      save.disabled = true;
      const { status, data } = await sending.request("PATCH", address(id), { facts });
      save.disabled = false;
      if (status !== 200) {
        if (!form.showWrong(data.field)) wrong.textContent = data.error || say("lost");
        return;
      }
      await adding.refresh();
      await statement.show(id);
      statement.announce(say("saved"));
      // The buttons were made again with the record of the statement.
      correction.giveBackTo(shutten.about.box.querySelector(".correct"));
    }
    correction.close();
  }

  function ask(named, button) {
    id = named;
    wrong.textContent = "";
    removal.body.replaceChildren(make("p", "", say("remove_what")));
    removal.buttons.replaceChildren(wrong, remove, removal.cancel);
    removal.open(say("remove_sure").replace("{name}", statement.nameOf(id)), button);
    removal.cancel.focus();
  }

  async function drop() {
    const name = statement.nameOf(id);
    remove.disabled = true;
    const { status, data } = await sending.request("DELETE", address(id));
    remove.disabled = false;
    if (status !== 200 && status !== 404) {
      wrong.textContent = data.error || say("lost");
      return;
    }
    removal.giveBackTo(null);
    removal.close();
    await adding.refresh();
    panel.list();
    statement.announce(say("removed").replace("{name}", name));
  }

  // The buttons under the record of a statement.
  function row(named) {
    const node = make("p", "edit", "");
    for (const [kind, text, act] of [["correct", "correct_facts", correct], ["remove", "remove", ask]]) {
      const button = make("button", kind, say(text), { type: "button" });
      button.addEventListener("click", () => act(named, button));
      node.append(button);
    }
    return node;
  }

  remove.addEventListener("click", drop);
  return { row };
})();
