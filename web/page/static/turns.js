// The log of questions and answers. Each entry is drawn once.
"use strict";
shutten.turns = (() => {
  const { make, say } = shutten;
  const log = make("div", "log", "", { role: "log", "aria-label": say("turns"), tabindex: "0" });
  const drawn = new Map(); // entries that are on the page, by the keys that the server gave them
  const copies = {}; // the forms in which each quote can be copied, by the link to its place
  const opening = make("div", "opening", "");
  let scrolled = ""; // the state of the log when it was last scrolled

  // The server sends HTML in which no sign of a question or a source can act as markup.
  function node(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  }

  // Adds new entries and removes old ones. All others stay as they are.
  function show({ order, new: added }) {
    for (const [key, entry] of Object.entries(added)) {
      if (!drawn.has(key)) drawn.set(key, node(entry.html));
      Object.assign(copies, entry.copies);
    }
    const wanted = new Set(order);
    for (const [key, element] of drawn) {
      if (wanted.has(key)) continue;
      element.remove();
      drawn.delete(key);
    }
    if (order.length) opening.remove();
    else open();
    let next = order.length ? log.firstChild : null;
    for (const element of order.map((key) => drawn.get(key)).filter(Boolean)) {
      if (element === next) next = element.nextSibling;
      else log.insertBefore(element, next);
    }
    settle();
    keepUp();
    // Asks for entries that did not come because Gradio dropped an event.
    if (drawn.size < wanted.size) setTimeout(() => document.querySelector("#shutten-fill").click());
  }

  // Shows the first screen.
  function open() {
    log.prepend(opening);
    shutten.examples.fill(opening);
  }

  // Removes the kept questions, which are shown before Gradio is there, once the log shows them.
  function settle() {
    const early = document.querySelector("#shutten-early");
    if (!early) return;
    if (drawn.size || !shutten.chat.kept().length) early.remove();
    else if (early.parentElement !== log.parentElement) {
      log.after(early);
      early.scrollTop = early.scrollHeight;
    }
  }

  // Scrolls to a new question, and once more when its answer has come, because only then is there
  // enough below it. The answer to an earlier turn does not scroll. The number of questions falls
  // when a long conversation drops its first turn.
  function keepUp() {
    const asked = log.querySelectorAll(".asked").length;
    const state = `${asked} ${log.lastElementChild?.matches(".answer")}`;
    if (state !== scrolled) follow();
    scrolled = state;
  }

  function follow() {
    const last = [...log.querySelectorAll(".asked")].at(-1);
    if (!last) return;
    // On a short screen the page scrolls instead of the turns.
    if (getComputedStyle(log).overflowY === "visible") {
      last.scrollIntoView({ block: "start" });
      return;
    }
    log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top;
    // On a phone the reader may have come from the panel, which is below the chat.
    if (log.getBoundingClientRect().top < 0) log.scrollIntoView({ block: "start" });
  }

  // The questions up to an answer, its own as the last.
  function questionsUpTo(answer) {
    const entries = [...log.querySelectorAll(":is(.asked, .answer)")];
    return entries.slice(0, entries.indexOf(answer)).filter((entry) => entry.matches(".asked"));
  }

  function attach(element, props, watch) {
    element.querySelector(".turns").append(log);
    const update = () => {
      const data = JSON.parse(props.value);
      if (data.welcome) opening.innerHTML = data.welcome;
      else if (shutten.chat.isCurrent(data)) show(data);
    };
    update();
    watch("value", update);
    if (shutten.chat.kept().length) settle();
    else open();
  }

  return { attach, copies, follow, questionsUpTo, settle, show, shown: () => [...drawn.keys()] };
})();
