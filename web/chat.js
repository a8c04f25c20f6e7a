// The conversation: what the browser keeps of it, one question at a time, and where it is scrolled.
"use strict";
shutten.chat = (() => {
  const { say } = shutten;
  const BOX = "#shutten-box textarea";
  const SEND = "#shutten-box .submit-button";
  const QUIET = 300; // milliseconds; an answer that takes no longer needs no sign of work
  const begun = []; // what is done when a question is asked
  let kept = shuttenKept.read();
  let busy = false; // a question is being answered
  let working = false; // for so long that it is said
  let next = null; // the question to send after it
  let timer = 0;
  let chosen = 0; // the number of the turn to ask alone

  // -- What the browser keeps ---------------------------------------------------------------

  function keep(asked) {
    kept = asked;
    shuttenKept.write(asked);
    settle();
  }

  // -- One question at a time ---------------------------------------------------------------

  function sign() {
    const line = document.querySelector("#shutten-working p");
    const words = next !== null ? say("waiting") : working ? say("working") : "";
    if (line && line.textContent !== words) {
      line.textContent = words;
      follow(); // the line takes room from the chat
    }
    document.body.classList.toggle("working", working || next !== null);
    name();
  }

  // Gradio's button has a picture and no name.
  function name() {
    const send = document.querySelector(SEND);
    const words = say(busy ? "send_later" : "send");
    if (send && send.title !== words) Object.assign(send, { ariaLabel: words, title: words });
  }

  // Gradio calls this when a question is asked, and `rest` with what the panel shows when it is
  // answered or has failed.
  function begin() {
    clearTimeout(timer);
    [busy, working] = [true, false];
    timer = setTimeout(() => { working = busy; sign(); }, QUIET);
    for (const one of begun) one();
    sign();
    return kept;
  }

  function rest(source) {
    clearTimeout(timer);
    const [failed, question] = [document.querySelector("#shutten-notice .problem"), next];
    [busy, working, next] = [false, false, null];
    sign();
    if (question === null) {
      if (JSON.parse(source ?? "{}").missing) document.querySelector("#shutten-fill").click();
      return;
    }
    // The answer's beginning empties the box, and its failure puts the question back.
    if (failed) shutten.write(question);
    else shutten.ask(question);
  }

  function later(event) {
    const box = document.querySelector(BOX);
    event.preventDefault();
    event.stopImmediatePropagation();
    if (box.value.trim()) next = box.value;
    sign();
  }

  window.addEventListener("keydown", (event) => {
    if (!busy || !event.target.matches?.(BOX)) return;
    if (event.key === "Enter" && !event.shiftKey) later(event);
    if (event.key === "Escape") { next = null; sign(); }
  }, true);
  window.addEventListener("click", (event) => {
    if (busy && event.isTrusted && event.target.closest?.(SEND)) later(event);
  }, true);
  window.addEventListener("input", (event) => {
    if (next !== null && event.isTrusted && event.target.matches?.(BOX)) next = event.target.value;
  }, true);

  // Asks the question of an answer again, without those before it.
  function alone(answer) {
    if (busy) return;
    const all = [...document.querySelectorAll("#shutten-turns :is(.asked, .answer)")];
    const before = all.slice(0, all.indexOf(answer)).filter((one) => one.matches(".asked"));
    chosen = before.length - 1;
    document.querySelector("#shutten-alone").click();
  }

  // -- Around Gradio ------------------------------------------------------------------------

  // What was kept is there before Gradio is; it stays until Gradio shows the same.
  function settle() {
    const early = document.querySelector("#shutten-early");
    const chat = document.querySelector("#shutten-turns");
    if (!early || !chat) return;
    if (chat.querySelector(".asked") || !kept.length) early.remove();
    else if (early.parentElement !== chat) {
      chat.append(early);
      early.scrollTop = early.scrollHeight;
    }
  }

  // A new question goes to the top of the chat. Gradio also reads each turn's HTML source out to
  // screen readers, as an aria-label; without it they read the turn itself.
  let scrolled = ""; // for which turn
  function tidy() {
    settle();
    name();
    const chat = document.querySelector("#shutten-turns");
    for (const one of chat?.querySelectorAll("[data-testid][aria-label]") ?? []) {
      one.removeAttribute("aria-label");
    }
    const turns = [...(chat?.querySelectorAll(":is(.asked, .answer)") ?? [])];
    const asked = turns.filter((one) => one.matches(".asked")).length;
    // Again when the answer has come: only then is there enough below to scroll. Not when an
    // earlier turn is filled in. The number falls when a long conversation drops its first turn.
    const state = `${asked} ${turns.at(-1)?.matches(".answer")}`;
    if (state !== scrolled) follow();
    scrolled = state;
  }

  function follow() {
    const log = document.querySelector('#shutten-turns [role="log"]');
    const last = [...(log?.querySelectorAll(".asked") ?? [])].at(-1);
    if (!last) return;
    // On a short screen the page scrolls instead of the chat.
    if (getComputedStyle(log).overflowY === "visible") last.scrollIntoView({ block: "start" });
    else log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top;
  }
  new MutationObserver(tidy).observe(document, {
    subtree: true, childList: true, attributeFilter: ["aria-label"],
  });

  const onBegin = (work) => begun.push(work);
  return { alone, begin, chosen: () => chosen, keep, kept: () => kept, onBegin, rest };
})();
