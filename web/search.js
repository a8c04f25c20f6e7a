// Search in the statement: a box, a count, and two buttons.
"use strict";
// `article` holds the statement; `reveal` scrolls it to a rectangle. Gives the bar of tools, and
// `find`, which looks again when the article has changed.
shutten.search = (article, reveal) => {
  const { make, say } = shutten;
  const bar = make("div", "tools", "", { role: "search" });
  const search = make("input", "", "", {
    type: "search", placeholder: say("search"), "aria-label": say("search"),
  });
  const count = make("span", "count", "", { role: "status" });

  // A key of the same length, so that a place in it is a place in the text.
  const fold = (text) => [...text].map((sign) => {
    const plain = sign.normalize("NFKC").toLowerCase();
    return plain.length === sign.length ? plain : sign;
  }).join("");
  let matches = [];
  let at = 0;

  function find() {
    const wanted = fold(search.value.trim());
    matches = [];
    for (const node of wanted ? article.querySelectorAll(".body") : []) {
      const key = fold(node.textContent);
      for (let from = key.indexOf(wanted); from >= 0; from = key.indexOf(wanted, from + wanted.length)) {
        matches.push(range(node, from, from + wanted.length));
      }
    }
    go(0, wanted);
  }

  function range(node, start, end) {
    const found = document.createRange();
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    for (let before = 0; walker.nextNode(); before += walker.currentNode.length) {
      const text = walker.currentNode;
      const inside = (place) => place >= before && place <= before + text.length;
      if (inside(start) && start < before + text.length) found.setStart(text, start - before);
      if (inside(end)) { found.setEnd(text, end - before); break; }
    }
    return found;
  }

  function go(step, wanted = search.value.trim()) {
    at = matches.length ? (at + step + matches.length) % matches.length : 0;
    if (step === 0) at = 0;
    if (!wanted) count.textContent = "";
    else if (!matches.length) count.textContent = say("nothing");
    else count.textContent = say("matches").replace("{at}", at + 1).replace("{count}", matches.length);
    if (window.Highlight) {
      CSS.highlights.set("shutten-found", new Highlight(...matches));
      CSS.highlights.set("shutten-here", new Highlight(...matches.slice(at, at + 1)));
    }
    if (wanted && matches.length) reveal(matches[at].getBoundingClientRect());
  }

  const buttons = [["‹", -1, "previous"], ["›", 1, "next"]].map(([sign, step, name]) => {
    const button = make("button", "", sign, { type: "button", "aria-label": say(name), title: say(name) });
    button.addEventListener("click", () => go(step));
    return button;
  });
  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) go(event.shiftKey ? -1 : 1);
  });
  bar.append(search, count, ...buttons);
  return { bar, find };
};
