// What the scripts of the page share. Each adds its functions to `shutten`.
"use strict";
window.shutten = (() => {
  const language = /^ja\b/i.test(navigator.language || "") ? "ja" : "en";
  const say = (key) => window.shuttenWords[language][key];
  document.documentElement.lang = language;

  // The links of quotes to their places in the statement.
  const CITATION = 'a[href^="#passage-"]';

  // Makes an element. The text becomes a text node, so that no sign of it acts as markup.
  function make(tag, kind, text, about = {}) {
    const node = document.createElement(tag);
    node.className = kind;
    node.textContent = text;
    for (const [name, value] of Object.entries(about)) node.setAttribute(name, value);
    return node;
  }

  // Signs that change the direction of writing have no effect beyond their own part.
  function row(kind, parts, about = {}) {
    const line = make("p", kind, "", about);
    parts.filter(Boolean).forEach((part, at) => {
      if (at) line.append(" · ");
      line.append(make("bdi", "", part));
    });
    return line;
  }

  // The Enter that ends a Japanese conversion must not send the question. Gradio does not look at
  // `isComposing`, so it must not see that key at all. 229 is the key code in Safari when a
  // conversion has just ended.
  for (const type of ["keydown", "keypress", "keyup"]) {
    window.addEventListener(type, (event) => {
      const composing = event.isComposing || event.keyCode === 229;
      if (event.key === "Enter" && composing) event.stopImmediatePropagation();
    }, true);
  }

  return { CITATION, language, say, make, row };
})();
