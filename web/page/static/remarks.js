// Remarks of a reader on an answer: it is good, it is wrong, or another sentence is better.
"use strict";
shutten.remarks = (() => {
  const { CITATION, make, say, statement, turns } = shutten;
  const { article, hint, span } = statement;
  const QUOTED = `blockquote ~ .cite ${CITATION}`;
  const BUTTON = { role: "button", tabindex: "0" };
  let picking = null; // the answer for which the reader picks a better sentence
  const cancel = make("button", "cancel", say("cancel"), { type: "button" });
  cancel.hidden = true;

  // The questions that an answer may follow up, its own as the last, and the filter of that one.
  function asked(answer) {
    const elements = turns.questionsUpTo(answer);
    const kept = shutten.chat.kept().slice(0, elements.length);
    const start = Math.max(0, kept.findLastIndex((question) => question.alone));
    const questions = elements.slice(start).map((question) => question.textContent);
    return { questions, within: kept.at(-1)?.within };
  }

  async function remark(answer, kind, better = null) {
    const { questions, within } = asked(answer);
    const quoted = [...answer.querySelectorAll(QUOTED)];
    quoted.sort((a, b) => !!b.closest(".best") - !!a.closest(".best")); // the best one comes first
    const body = JSON.stringify({
      kind,
      question: questions.at(-1),
      history: questions.slice(0, -1).slice(-20),
      quotes: quoted.map((link) => span(link.getAttribute("href"))),
      better,
      within,
    });
    const line = answer.querySelector(".remarks");
    const status = make("span", "status", "", { role: "status", tabindex: "-1" });
    line.replaceChildren(status);
    status.focus();
    let trouble = say("lost");
    try {
      const headers = { "Content-Type": "application/json" };
      const reply = await fetch("feedback", { method: "POST", headers, body });
      if (reply.ok) { status.textContent = say("thanks"); return; }
      trouble = (await reply.json()).error;
    } catch { /* the server could not be reached, or a proxy answered in its place */ }
    status.textContent = trouble;
    const again = make("button", "again", say("again"), { type: "button" });
    again.addEventListener("click", () => remark(answer, kind, better));
    line.append(" ", again);
  }

  // Lets the reader pick a better sentence, most likely in the statement that the answer is about.
  async function pick(answer) {
    end();
    picking = answer;
    const spans = [...answer.querySelectorAll(CITATION)].map((link) => span(link.getAttribute("href")));
    if (spans.length && !(await statement.show(spans[0][0]))) return end();
    if (picking !== answer) return undefined;
    statement.mark(spans, answer.querySelector(QUOTED) ? "quoted" : "near");
    document.body.classList.add("picking");
    hint.textContent = say("pick");
    hint.after(cancel);
    cancel.hidden = false;
    offer();
    return (article.querySelector(".sentence.first") ?? article).focus();
  }

  // Makes every sentence a button while the reader picks one.
  function offer() {
    if (!picking) return;
    for (const sentence of article.querySelectorAll(".sentence")) {
      Object.entries(BUTTON).forEach((about) => sentence.setAttribute(...about));
    }
  }

  // Ends the picking.
  function end() {
    if (!picking) return;
    picking = null;
    document.body.classList.remove("picking");
    hint.textContent = "";
    cancel.hidden = true;
    for (const sentence of article.querySelectorAll(".sentence")) {
      Object.keys(BUTTON).forEach((about) => sentence.removeAttribute(about));
    }
  }

  function giveUp() {
    const answer = picking;
    end();
    answer?.querySelector('[value="better"]')?.focus();
  }

  function picked(sentence) {
    const answer = picking;
    end();
    // The conversation may have been cleared in the meantime.
    const { start, end: last } = sentence.dataset;
    if (answer.isConnected) remark(answer, "better", [statement.shown(), +start, +last]);
  }

  cancel.addEventListener("click", giveUp);
  article.addEventListener("built", offer);
  article.addEventListener("click", (event) => {
    const sentence = picking && event.target.closest(".sentence");
    if (sentence) picked(sentence);
  });
  document.addEventListener("keydown", (event) => {
    if (!picking) return;
    if (event.key === "Escape") giveUp();
    const pressed = event.key === "Enter" || event.key === " ";
    if (pressed && event.target.matches?.(".sentence")) {
      event.preventDefault();
      picked(event.target);
    }
  });

  return { end, say: (answer, kind) => (kind === "better" ? pick(answer) : remark(answer, kind)) };
})();
