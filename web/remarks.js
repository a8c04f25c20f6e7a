// What a reader says of an answer: good, wrong, or that another sentence is better.
"use strict";
shutten.remarks = (() => {
  const { make, say, statement } = shutten;
  const { article, hint, span } = statement;
  const CITATION = 'blockquote ~ .cite a[href^="#passage-"]';
  const BUTTON = { role: "button", tabindex: "0" };
  let picking = null; // the answer to which a better sentence is looked for

  async function remark(answer, kind, better = null) {
    const turns = [...document.querySelectorAll("#shutten-turns :is(.asked, .answer)")];
    const before = turns.slice(0, turns.indexOf(answer)).filter((one) => one.matches(".asked"));
    const asked = before.map((one) => one.textContent);
    const quoted = [...answer.querySelectorAll(CITATION)];
    const line = answer.querySelector(".remarks");
    const status = make("span", "status", "", { role: "status", tabindex: "-1" });
    line.replaceChildren(status);
    status.focus();
    const body = JSON.stringify({
      kind,
      question: asked.at(-1),
      history: asked.slice(0, -1).slice(-20),
      quotes: quoted.map((one) => span(one.getAttribute("href"))),
      better,
    });
    try {
      const headers = { "Content-Type": "application/json" };
      const reply = await fetch("feedback", { method: "POST", headers, body });
      status.textContent = reply.ok ? say("thanks") : (await reply.json()).error;
    } catch {
      status.textContent = say("lost");
    }
  }

  // While a better sentence is looked for, every sentence is a button.
  function pick(answer) {
    picking = answer;
    document.body.classList.toggle("picking", Boolean(answer));
    hint.textContent = answer ? say("pick") : "";
    for (const one of article.querySelectorAll(".sentence")) {
      if (answer) Object.entries(BUTTON).forEach((about) => one.setAttribute(...about));
      else Object.keys(BUTTON).forEach((name) => one.removeAttribute(name));
    }
    if (answer) (article.querySelector(".sentence.first") ?? article).focus();
  }

  function picked(sentence) {
    // The conversation may have been cleared in the meantime.
    if (picking.isConnected) {
      const { start, end } = sentence.dataset;
      remark(picking, "better", [statement.shown(), +start, +end]);
    }
    pick(null);
  }

  article.addEventListener("click", (event) => {
    const sentence = picking && event.target.closest(".sentence");
    if (sentence) picked(sentence);
  });
  document.addEventListener("keydown", (event) => {
    if (!picking) return;
    if (event.key === "Escape") pick(null);
    const pressed = event.key === "Enter" || event.key === " ";
    if (pressed && event.target.matches?.(".sentence")) {
      event.preventDefault();
      picked(event.target);
    }
  });

  return (answer, kind) => (kind === "better" ? pick(answer) : remark(answer, kind));
})();
