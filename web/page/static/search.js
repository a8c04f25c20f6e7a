// Search in the statement: a box, the number of matches, and two buttons.
"use strict";
// `article` is the element of the statement; `reveal` scrolls it to a rectangle. Returns the bar
// with the search, and `find`, which searches again after the article has changed.
shutten.search = (article, reveal) => {
  const { fold, make, say } = shutten;
  const bar = make("div", "tools", "", { role: "search" });
  const search = make("input", "", "", {
    type: "search", placeholder: say("search"), "aria-label": say("search"),
  });
  const count = make("span", "count", "", { role: "status" });
  let matches = []; // ranges in the article
  let at = 0;
  let readings = []; // the article as text, without and with mark-up, from the first search on

  // The text of the article as a key, and its nodes with their starts in the text. A line break
  // is put between a marker and its passage and between passages.
  function reading(marked) {
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    const nodes = [];
    let text = "";
    let before = null;
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!marked && node.parentElement.matches(".mark-up")) continue;
      const within = node.parentElement.closest(".body") ?? node.parentElement;
      if (within !== before) text += "\n";
      before = within;
      nodes.push({ node, start: text.length });
      text += node.data;
    }
    return { nodes, ...fold(text) };
  }

  // The node and the offset of a place in the text: in the last node that begins at or before it.
  function spot({ nodes }, place) {
    let [low, high] = [0, nodes.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (nodes[middle].start <= place) low = middle;
      else high = middle - 1;
    }
    return [nodes[low].node, Math.min(place - nodes[low].start, nodes[low].node.length)];
  }

  function range(read, start, end) {
    const [node, offset] = spot(read, start);
    // The last character decides, so that the range does not end in the node after it.
    const [last, before] = spot(read, end - 1);
    const match = document.createRange();
    match.setStart(node, offset);
    match.setEnd(last, before + 1);
    return match;
  }

  function find() {
    const wanted = fold(search.value).key;
    matches = wanted ? found(wanted, 0) : [];
    // What was copied from the text may have mark-up in it.
    if (wanted && !matches.length && article.querySelector(".mark-up")) matches = found(wanted, 1);
    go(0, wanted);
  }

  function found(wanted, marked) {
    const read = readings[marked] ??= reading(marked);
    const { key, starts, ends } = read;
    const ranges = [];
    for (let from = key.indexOf(wanted); from >= 0;) {
      const to = from + wanted.length;
      // A match must not begin or end within one sign, such as the three dots of an ellipsis.
      const whole = starts[from] !== starts[from - 1] && starts[to - 1] !== starts[to];
      if (whole) ranges.push(range(read, starts[from], ends[to - 1]));
      from = key.indexOf(wanted, whole ? to : from + 1);
    }
    return ranges;
  }

  function renew() {
    readings = [];
    find();
  }

  function go(step, wanted = search.value.trim()) {
    at = matches.length && step ? (at + step + matches.length) % matches.length : 0;
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
  return { bar, find: renew };
};
