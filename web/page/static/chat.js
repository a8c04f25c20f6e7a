// The conversation: what the browser keeps of it, and one question at a time.
"use strict";
shutten.chat = (() => {
  const { say } = shutten;
  const BOX = "#shutten-box textarea";
  const SEND = "#shutten-box .submit-button";
  const QUIET = 300; // milliseconds that an answer may take before the page shows a sign of work
  const listeners = []; // functions that are called when a question is asked
  let kept = shuttenKept.read();
  let newest = 0; // the number of the last event that asked a question or cleared the conversation
  let busy = false; // whether a question is being answered
  let working = false; // whether it has taken so long that the page says so
  let next = null; // the question to send after that one
  let timer = 0;
  let how = null; // which turn to ask again, and in which way

  // -- What the browser keeps ---------------------------------------------------------------

  function keep(asked) {
    kept = asked;
    shuttenKept.write(asked);
    shutten.turns.settle();
  }

  // What the browser has. The server gets it, and sends only what is new.
  const state = () => ({
    event: newest,
    turns: kept,
    shown: shutten.turns.shown(),
    statements: shutten.statement.listName(),
    chosen: shutten.choice.ids(),
  });

  // Whether what the server sent belongs to the newest event. What an older one sends late would
  // bring back a conversation that was cleared, or take a newer question off the page.
  const isCurrent = ({ event }) => event === newest;

  // Gradio calls `clear` when the conversation is cleared. A question that is asked before the
  // server has replied begins a new conversation, so the browser keeps nothing from now on.
  function clear() {
    newest += 1;
    next = null;
    sign();
    const before = state();
    keep([]);
    return before;
  }

  // -- One question at a time ---------------------------------------------------------------

  function sign() {
    const line = document.querySelector("#shutten-working p");
    const words = next !== null ? say("waiting") : working ? say("working") : "";
    if (line && line.textContent !== words) {
      line.textContent = words;
      shutten.turns.follow(); // the line takes room from the chat
    }
    document.body.classList.toggle("working", working || next !== null);
    name();
  }

  // Names Gradio's button, which has only a picture and may be drawn again at any time.
  function name() {
    const send = document.querySelector(SEND);
    const words = say(busy ? "send_later" : "send");
    if (send && send.title !== words) Object.assign(send, { ariaLabel: words, title: words });
  }

  // Gradio calls `begin` when a question is asked, and `rest` with the value of the panel when it
  // was answered or has failed.
  function begin() {
    clearTimeout(timer);
    newest += 1;
    [busy, working] = [true, false];
    timer = setTimeout(() => { working = busy; sign(); }, QUIET);
    for (const listener of listeners) listener();
    sign();
    return state();
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
    // The box is emptied when an answer begins. If it fails, its question is put back there.
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

  // Asks the question of an answer again: `alone` without the questions before it, `everything` of
  // all statements, `within-ID` of one.
  function askAgain(answer, way) {
    if (busy) return;
    how = { turn: shutten.turns.questionsUpTo(answer).length - 1, way };
    document.querySelector("#shutten-again").click();
  }

  new MutationObserver(name).observe(document, { subtree: true, childList: true });

  const onBegin = (listener) => listeners.push(listener);
  return {
    askAgain, begin, clear, how: () => how, isCurrent, keep, kept: () => kept, onBegin, rest, state,
  };
})();
