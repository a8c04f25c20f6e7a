// The question box: asks a question for a click, and holds back questions that are too long.
"use strict";
Object.assign(shutten, (() => {
  const { language, make, say } = shutten;
  const box = () => document.querySelector("#shutten-box textarea");
  const sender = () => document.querySelector("#shutten-box .submit-button");
  const excess = make("p", "excess", "", { role: "alert" });
  const tooLong = () => [...box().value].length > window.shuttenMost.question;

  function write(text) {
    box().value = text;
    box().dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Asks a question as if the reader had typed and sent it.
  function ask(question) {
    write(question);
    box().focus({ preventScroll: true });
    requestAnimationFrame(() => sender().click());
  }

  // Says at once that a question is too long. It is kept whole, and not sent.
  function measure() {
    const count = (number) => number.toLocaleString(language);
    excess.textContent = tooLong()
      ? say("too_long").replace("{count}", count([...box().value].length)).replace("{most}", count(window.shuttenMost.question))
      : "";
    const place = document.querySelector("#shutten-box");
    if (excess.nextSibling !== place) place.before(excess);
  }

  function hold(event) {
    const sent = event.type === "click" ? event.target.closest?.("#shutten-box .submit-button")
      : event.key === "Enter" && !event.shiftKey && event.target === box();
    if (!sent || !tooLong()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    measure();
  }
  document.addEventListener("input", (event) => { if (event.target === box()) measure(); });
  for (const type of ["click", "keydown", "keypress"]) window.addEventListener(type, hold, true);

  return { ask, write };
})());
