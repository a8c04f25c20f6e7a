// The conversation: what the browser keeps of it, and one question at a time.
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
    shutten.turns.settle();
  }

  // What the server is told of it, so that it sends only what is new.
  const told = () => (
    { turns: kept, shown: shutten.turns.shown(), statements: shutten.statement.known() }
  );

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

  // Gradio's button has a picture and no name, and may be drawn anew at any time.
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
    return told();
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

  new MutationObserver(name).observe(document, { subtree: true, childList: true });

  const onBegin = (work) => begun.push(work);
  return { alone, begin, chosen: () => chosen, keep, kept: () => kept, onBegin, rest, told };
})();
