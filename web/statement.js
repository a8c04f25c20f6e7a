// The statement beside the chat: builds it, scrolls it, and marks sentences in it.
"use strict";
shutten.statement = (() => {
  const { make, say } = shutten;
  const documents = {};
  const article = make("article", "document", "", { tabindex: "0" });
  const hint = make("p", "hint", "", { role: "status" });
  const spoken = make("p", "spoken", "", { role: "status" });
  let shown = null; // the id of the document in it
  let built = null; // that document
  const { bar, find } = shutten.search(article, reveal);

  function passage({ id, kind, marker, sentences }, title, statement) {
    const node = make(kind === "heading" ? "header" : "p", `passage ${kind}`, "", { dir: "auto" });
    // A bare bullet is drawn as a dash; 「- (1)」 is read as (1).
    if (marker) node.append(make("span", "marker", marker.replace(/^\W\s+(?=\S)/, "")));
    const body = make("span", "body", "");
    for (const [start, end, text, gap] of sentences) {
      const sentence = make("span", text === title ? "sentence title" : "sentence", text);
      sentence.dataset.start = start;
      sentence.dataset.end = end;
      body.append(sentence, gap);
    }
    const [first, last] = [sentences[0][0], sentences.at(-1)[1]];
    const place = `#passage-${id}-${first}-${last}-${encodeURIComponent(statement)}`;
    node.append(body, make("button", "anchor", "", {
      type: "button", value: place, tabindex: "-1", "aria-label": say("link"), title: say("link"),
    }));
    return node;
  }

  // Of all the anchors one is a stop for the Tab key; from there the arrow keys go on.
  function stop(anchor) {
    for (const one of article.querySelectorAll('.anchor[tabindex="0"]')) one.tabIndex = -1;
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

  // Takes in statements by id. Equal ones stay the same object, so that none is built again.
  function add(more) {
    for (const [id, one] of Object.entries(more)) {
      if (JSON.stringify(documents[id]) !== JSON.stringify(one)) documents[id] = one;
    }
  }

  function show(id) {
    const data = documents[id];
    if (!data || built === data) return;
    [shown, built] = [id, data];
    shutten.about.show(id, data);
    article.lang = data.language;
    article.setAttribute("aria-label", data.title || id);
    article.replaceChildren(...data.passages.map((one) => passage(one, data.title, id)));
    if (data.passages[0]?.kind !== "heading") article.prepend(make("h2", "title", data.title || id));
    stop(article.querySelector(".passage:not(.heading) .anchor"));
    article.scrollTop = 0;
    find();
  }

  // Only the panel scrolls, never the page.
  function reveal(rectangle) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    article.scrollTo({
      top: article.scrollTop + rectangle.top - article.getBoundingClientRect().top - article.clientHeight / 4,
      behavior: still ? "auto" : "smooth",
    });
  }

  // Marks the sentences in the spans [statement, start, end], the first span's above the others,
  // and scrolls it into view.
  function mark(spans, kind) {
    const sentences = [...article.querySelectorAll(".sentence")];
    for (const one of sentences) one.classList.remove("quoted", "near", "first");
    const within = ([statement, start, end]) => sentences.filter((one) =>
      statement === shown && +one.dataset.start >= start && +one.dataset.end <= end);
    for (const one of spans.flatMap(within)) one.classList.add(kind);
    const first = spans.map(within).find((hits) => hits.length) ?? [];
    for (const one of first) one.classList.add("first");
    const place = first[0]?.closest(".passage:not(.heading)");
    if (place) stop(place.querySelector(".anchor"));
    if (first.length) reveal(first[0].getBoundingClientRect());
  }

  // The span that a link to a passage names; null where it names none, or was cut off on its way.
  function span(link) {
    const found = /^#passage-[^-]*-(\d+)-(\d+)-(.*)$/.exec(link);
    try {
      return found && [decodeURIComponent(found[3]), +found[1], +found[2]];
    } catch {
      return null;
    }
  }

  // For those who hear the page; who sees it has a sign at the button, and nothing moves.
  function announce(text) {
    spoken.textContent = text;
    setTimeout(() => { if (spoken.textContent === text) spoken.textContent = ""; }, 4000);
  }

  const attach = (element) => element.replaceChildren(bar, hint, spoken, shutten.about.box, article);
  const has = (id) => id in documents;
  return { add, announce, article, attach, has, hint, mark, show, shown: () => shown, span };
})();
