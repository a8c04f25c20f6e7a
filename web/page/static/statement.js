// The statement beside the chat: fetches and builds it, scrolls it, and marks sentences in it.
"use strict";
shutten.statement = (() => {
  const { make, say } = shutten;
  const article = make("article", "document", "", { tabindex: "0" });
  const hint = make("p", "hint", "", { role: "status" });
  const spoken = make("p", "spoken", "", { role: "status" });
  const documents = new Map(); // promises of the texts that were fetched, by checksum and id
  const SCREENS = 2; // scrolling is smooth within so many screens, and a jump beyond that
  let statements = {}; // all statements without their texts, by id
  let list = ""; // the server's name for this list of statements
  let shown = null; // the id of the statement in the article
  let built = null; // the data that the article was built from
  let sentences = []; // its sentences, in order
  let marked = []; // those of them that are marked
  let wanted = 0; // the number of the last request to show a statement
  const { bar, find } = shutten.search(article, reveal);

  // Mark-up is part of the text, but no word: it is pale, or not visible, and is not read out.
  const markUp = (text) => make("span", "mark-up", text, { "aria-hidden": "true" });

  function passage({ id, kind, marker, sentences: all, pages }, title, statement) {
    const node = make(kind === "heading" ? "header" : "p", `passage ${kind}`, "", { dir: "auto" });
    // A dash or a bullet before a number is left out: 「- (1)」 is shown as (1).
    if (marker) node.append(make("span", "marker", marker.replace(/^\W\s+(?=\S)/, "")));
    const body = make("span", "body", "");
    for (const [start, end, pieces, gap] of all) {
      const words = pieces.filter((_, at) => at % 2 === 0).join("").trim();
      const sentence = make("span", words === title ? "sentence title" : "sentence", "");
      sentence.append(...pieces.map((piece, at) => (at % 2 ? markUp(piece) : piece)));
      sentence.dataset.start = start;
      sentence.dataset.end = end;
      sentences.push(sentence);
      body.append(sentence, gap);
    }
    const [first, last] = [all[0][0], all.at(-1)[1]];
    const place = `#passage-${id}-${first}-${last}-${encodeURIComponent(statement)}`;
    if (pages.length) body.append(pageLabel(pages, place));
    node.append(body, make("button", "anchor", "", {
      type: "button", value: place, tabindex: "-1", "aria-label": say("link"), title: say("link"),
    }));
    return node;
  }

  // "p. 3", which opens the page of the original file.
  function pageLabel(pages, place) {
    const key = pages.length > 1 ? "original_pages" : "original_page";
    const label = say(key).replace("{page}", pages[0]).replace("{last}", pages.at(-1));
    return make("button", "page-label", label, { type: "button", value: place, title: say("see_page") });
  }

  // Makes one anchor a stop for the Tab key. The arrow keys go on from there.
  function stop(anchor) {
    for (const earlier of article.querySelectorAll('.anchor[tabindex="0"]')) earlier.tabIndex = -1;
    if (anchor) anchor.tabIndex = 0;
  }

  article.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.matches(".anchor")) return;
    event.preventDefault();
    const all = [...article.querySelectorAll(".passage:not(.heading) .anchor")];
    const next = all[all.indexOf(event.target) + step];
    if (next) stop(next);
    next?.focus();
  });

  // Takes the list of statements.
  function add(rows, name) {
    list = name;
    documents.clear(); // their facts may have changed
    statements = Object.fromEntries(rows.map((row) => [row.id, row]));
  }

  async function fetched(id) {
    const reply = await fetch(`statement?${new URLSearchParams({ id })}`);
    if (!reply.ok) throw new Error((await reply.json()).error);
    return reply.json();
  }

  function text(id) {
    const key = `${statements[id].sha256} ${id}`;
    if (!documents.has(key)) {
      const coming = fetched(id);
      coming.catch(() => documents.delete(key));
      documents.set(key, coming);
    }
    return documents.get(key);
  }

  // Shows a statement. Returns whether it is shown: not if there is none with that id, if it could
  // not be fetched, or if another one was requested in the meantime.
  async function show(id) {
    const wish = wanted += 1;
    if (!statements[id]) return false;
    try {
      const data = await text(id);
      if (wish !== wanted) return false;
      if (built !== data || shown !== id) build(id, data);
      shutten.panel.read(statements[id]);
      return true;
    } catch {
      announce(say("lost"));
      return false;
    }
  }

  function build(id, data) {
    [shown, built, sentences, marked] = [id, data, [], []];
    shutten.about.show(id, data);
    article.lang = data.language;
    article.setAttribute("aria-label", data.title || id);
    article.replaceChildren(...data.passages.map((row) => passage(row, data.title, id)));
    if (data.passages[0]?.kind !== "heading") article.prepend(make("h2", "title", data.title || id));
    stop(article.querySelector(".passage:not(.heading) .anchor"));
    article.scrollTop = 0;
    find();
    article.dispatchEvent(new Event("built"));
  }

  // Scrolls the panel, and not the page, to a rectangle.
  function reveal(rectangle) {
    const way = rectangle.top - article.getBoundingClientRect().top - article.clientHeight / 4;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const far = Math.abs(way) > SCREENS * article.clientHeight;
    article.scrollTo({ top: article.scrollTop + way, behavior: still || far ? "instant" : "smooth" });
  }

  // The sentences within a span [statement, start, end].
  function within([statement, start, end]) {
    if (statement !== shown) return [];
    let [low, high] = [0, sentences.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (+sentences[middle].dataset.start < start) low = middle + 1;
      else high = middle;
    }
    const after = sentences.slice(low).findIndex((sentence) => +sentence.dataset.end > end);
    return sentences.slice(low, after < 0 ? undefined : low + after);
  }

  // Marks the sentences in some spans, and scrolls to the first span, which is marked more strongly.
  function mark(spans, kind) {
    for (const sentence of marked) sentence.classList.remove("quoted", "near", "first");
    const hits = spans.map(within).filter((all) => all.length);
    marked = hits.flat();
    for (const sentence of marked) sentence.classList.add(kind);
    for (const sentence of hits[0] ?? []) sentence.classList.add("first");
    const place = hits[0]?.[0].closest(".passage:not(.heading)");
    if (place) stop(place.querySelector(".anchor"));
    if (hits.length) reveal(hits[0][0].getBoundingClientRect());
  }

  // The span that a link to a passage names; null if it names none, or if the link was cut off.
  function span(link) {
    const match = /^#passage-[^-]*-(\d+)-(\d+)-(.*)$/.exec(link);
    try {
      return match && [decodeURIComponent(match[3]), +match[1], +match[2]];
    } catch {
      return null;
    }
  }

  // Tells screen readers what happened. The line is not visible.
  function announce(text) {
    spoken.textContent = text;
    setTimeout(() => { if (spoken.textContent === text) spoken.textContent = ""; }, 4000);
  }

  const has = (id) => id in statements;
  const listName = () => list;
  const nameOf = (id) => statements[id]?.[shutten.language].name ?? id;
  return { add, announce, article, bar, has, hint, listName, mark, nameOf, show, shown: () => shown, span, spoken };
})();
