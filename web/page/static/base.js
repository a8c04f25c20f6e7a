// What the scripts of the page share. Each adds its functions to `shutten`. Data become text nodes only.
"use strict";
window.shutten = (() => {
  const language = /^ja\b/i.test(navigator.language || "") ? "ja" : "en";
  const say = (key) => window.shuttenWords[language][key];
  document.documentElement.lang = language;

  function make(tag, kind, text, about = {}) {
    const node = document.createElement(tag);
    node.className = kind;
    node.textContent = text;
    for (const [name, value] of Object.entries(about)) node.setAttribute(name, value);
    return node;
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

  return { language, say, make };
})();
