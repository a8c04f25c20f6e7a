// The turns of the conversation, each of them drawn once, and where the reader is in them.
"use strict";
shutten.turns = (() => {
  const { make, say } = shutten;
  const log = make("div", "log", "", { role: "log", "aria-label": say("turns"), tabindex: "0" });
  const drawn = new Map(); // questions and answers that are on the page, by the server's keys
  const copies = {}; // each quote as it is copied, by the link to its place
  const opening = make("div", "opening", "");
  let scrolled = ""; // for which turn

  // What the server sends is HTML in which no sign of a question or a source means anything.
  function node(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  }

  // Puts in what is new, and takes away what is no longer there; all else stays as it is.
  function show({ order, new: added }) {
    for (const [key, one] of Object.entries(added)) {
      if (!drawn.has(key)) drawn.set(key, node(one.html));
      Object.assign(copies, one.copies);
    }
    const wanted = new Set(order);
    for (const [key, one] of drawn) {
      if (wanted.has(key)) continue;
      one.remove();
      drawn.delete(key);
    }
    if (order.length) opening.remove();
    else log.prepend(opening);
    let next = order.length ? log.firstChild : null;
    for (const one of order.map((key) => drawn.get(key)).filter(Boolean)) {
      if (one === next) next = one.nextSibling;
      else log.insertBefore(one, next);
    }
    settle();
    keepUp();
    // What did not come, since Gradio let go of an event, is asked for.
    if (drawn.size < wanted.size) setTimeout(() => document.querySelector("#shutten-fill").click());
  }

  // What was kept is there before Gradio is; it stays until the same is shown.
  function settle() {
    const early = document.querySelector("#shutten-early");
    if (!early) return;
    if (drawn.size || !shutten.chat.kept().length) early.remove();
    else if (early.parentElement !== log.parentElement) {
      log.after(early);
      early.scrollTop = early.scrollHeight;
    }
  }

  // A new question goes to the top, and once more when its answer has come: only then is there
  // enough below to scroll. Not when an earlier turn is filled in. The number falls when a long
  // conversation drops its first turn.
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
    if (getComputedStyle(log).overflowY === "visible") last.scrollIntoView({ block: "start" });
    else log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top;
  }

  function attach(element, props, watch) {
    element.querySelector(".turns").append(log);
    const update = () => {
      const data = JSON.parse(props.value);
      if (data.welcome) opening.innerHTML = data.welcome;
      else show(data);
    };
    update();
    watch("value", update);
    if (shutten.chat.kept().length) settle();
    else log.prepend(opening);
  }

  return { attach, copies, follow, settle, show, shown: () => [...drawn.keys()] };
})();
