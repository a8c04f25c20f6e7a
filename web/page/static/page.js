// What Gradio has no component for: clicks in answers, copies, links, and the state of the panel.
"use strict";
(() => {
  const { CITATION, chat, choice, language, make, panel, remarks, say, statement, turns } = shutten;
  const { span } = statement;
  const REMARKS = ["good", "bad", "better"];

  function speak(other) {
    localStorage.setItem("shutten-language", other);
    setTimeout(() => location.reload());
  }

  async function cite(link) {
    const near = link.closest(".nearest, .counterpart");
    const first = span(link.getAttribute("href"));
    const all = [...link.closest(".answer").querySelectorAll(CITATION)];
    const others = near ? [] : all.map((citation) => span(citation.getAttribute("href")));
    if (!(await statement.show(first[0]))) return;
    // On a phone the panel is below the chat, and must come into view.
    statement.article.scrollIntoView({ block: "nearest" });
    statement.mark([first, ...others], near ? "near" : "quoted");
  }

  // -- Copies and files ---------------------------------------------------------------------

  function done(link) {
    link.classList.add("done");
    setTimeout(() => link.classList.remove("done"), 1500);
  }

  // A page may use the clipboard only on this machine or over TLS. Elsewhere, or if it is denied,
  // the text is shown for the reader to copy.
  async function toClipboard(text, link) {
    try {
      await navigator.clipboard.writeText(text);
      done(link);
      statement.announce(say("copied"));
    } catch {
      window.prompt(say("copy_yourself"), text);
    }
  }

  function copy(link) {
    const source = link.closest(".quote").querySelector(CITATION).getAttribute("href");
    toClipboard(turns.copies[source][link.value.replace("copy-", "")], link);
  }

  function copyPlace(link) {
    const place = link.value;
    const [named] = span(place);
    statement.mark([span(place)], "near");
    const query = new URLSearchParams({ s: named });
    toClipboard(`${location.origin}${location.pathname}?${query}${place}`, link);
  }

  // Opens the original at the marked sentences of a passage, or at all of it.
  function showOriginal(button) {
    const place = span(button.value);
    const lit = [...button.parentElement.querySelectorAll(".sentence:is(.quoted, .near)")];
    if (lit.length) place.splice(1, 2, lit[0].dataset.start, lit.at(-1).dataset.end);
    shutten.original.open(place, statement.nameOf(place[0]), button);
  }

  function save(name, text) {
    const link = make("a", "", "", { download: name });
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  document.addEventListener("click", (event) => {
    const { target } = event;
    if (target.closest?.("#shutten-language")) return speak(language === "ja" ? "en" : "ja");
    if (target.closest?.("#shutten-statements")) return panel.leave();
    const offer = target.closest?.("#shutten-turns button.offer");
    if (offer) return shutten.ask(offer.textContent);
    // A click on a quote shows its place, unless words of the quote are selected.
    const quote = target.closest?.(".words")?.closest(".quote");
    if (quote && getSelection().isCollapsed) return cite(quote.querySelector(CITATION));
    const label = target.closest?.(".page-label");
    if (label) return showOriginal(label);
    const link = target.closest?.(`.answer :is(${CITATION}, button), .anchor`);
    if (!link) return undefined;
    event.preventDefault();
    if (link.matches(".anchor")) return copyPlace(link);
    if (link.matches(CITATION)) return cite(link);
    if (link.value.startsWith("copy-")) return copy(link);
    if (link.value === "see-page") {
      const source = span(link.closest(".quote").querySelector(CITATION).getAttribute("href"));
      return shutten.original.open(source, statement.nameOf(source[0]), link);
    }
    const answer = link.closest(".answer");
    if (link.value.startsWith("open-")) return panel.open(link.value.slice("open-".length));
    if (/^(alone|everything|within-.*)$/.test(link.value)) return chat.askAgain(answer, link.value);
    return REMARKS.includes(link.value) ? remarks.say(answer, link.value) : undefined;
  });

  // -- The panel ----------------------------------------------------------------------------

  // Until the reader asks something, the page shows the passage or the statement in its address.
  // Afterwards the address has the last question, which it asks again wherever it is opened.
  let linked = span(location.hash);
  let named = new URLSearchParams(location.search).getAll("s");
  let chosen = false; // whether the statements in the address were chosen
  let looked = ""; // what is shown and marked now, as JSON
  chat.onBegin(() => {
    [linked, named, looked] = [null, [], ""];
    remarks.end();
  });

  async function look({ show, quotes, near, asked }) {
    // The answer to an earlier turn changes nothing here, so what is being read does not move.
    const state = JSON.stringify([show, quotes, near, asked.length]);
    if (state === looked) return;
    looked = state;
    const place = linked && statement.has(linked[0]) ? linked : null;
    // One statement in the address is opened. Several are chosen to be asked, once.
    const known = named.filter(statement.has);
    if (known.length > 1 && !chosen) chosen = choice.set(known);
    const opened = place ? place[0] : known.length === 1 ? known[0] : show;
    if (!opened && statement.shown() === null) return panel.list({ quiet: true });
    if (opened && !(await statement.show(opened))) return;
    if (place) statement.mark([place], "near");
    else if (quotes.length) statement.mark(quotes, "quoted");
    else statement.mark(near, "near");
  }

  function attach(element, props, watch) {
    panel.attach(element.querySelector(".source"));
    // The question box has the focus from the start, which scrolls a short screen down to it.
    scrollTo(0, 0);
    const update = () => {
      if (!props.value) return;
      const data = JSON.parse(props.value);
      if (data.statements) panel.update(data.statements, data.list);
      if (!chat.isCurrent(data)) return;
      chat.keep(data.asked);
      look(data);
      if (data.quotes.length || data.near.length) shutten.about.settle();
      panel.ask(data.link, data.within);
      if (!linked && !named.length && (data.link || !data.asked.length)) panel.visit(null);
    };
    watch("value", update);
    update();
  }

  Object.assign(shutten, { attach, save });
})();
