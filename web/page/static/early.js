// Runs before Gradio: sets the language that was chosen, and shows the questions that were asked.
"use strict";
{
  // The first language of the browser decides, unless the reader chose another. Gradio reads it too.
  const chosen = localStorage.getItem("shutten-language");
  if (chosen) {
    Object.defineProperty(navigator, "language", { get: () => chosen });
    Object.defineProperty(navigator, "languages", { get: () => [chosen] });
  }
}

// The questions that the browser keeps: [{ question, alone, searched }].
window.shuttenKept = {
  KEY: "shutten-turns",
  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.KEY)) ?? [];
      return kept.filter((turn) => typeof turn.question === "string");
    } catch {
      return []; // another program wrote it
    }
  },
  write(asked) {
    try {
      localStorage.setItem(this.KEY, JSON.stringify(asked));
    } catch { /* no room, or not allowed: the page works without it */ }
  },
};

// Shows these questions as soon as the page has a body, while Gradio is still being fetched.
{
  const kept = shuttenKept.read();
  const list = document.createElement("div");
  list.id = "shutten-early";
  for (const { question } of kept) {
    const line = document.createElement("p");
    line.textContent = question;
    list.append(line);
  }
  if (kept.length) {
    new MutationObserver((_, watch) => {
      if (!document.body) return;
      watch.disconnect();
      document.body.append(list);
      list.scrollTop = list.scrollHeight;
    }).observe(document.documentElement, { childList: true });
  }
}
