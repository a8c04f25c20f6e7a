// The parts of the page that Gradio has no component for. Data becomes text nodes only.
"use strict";
window.shutten = (() => {
  const CITATION = 'a[href^="#passage-"]';
  const documents = {};
  let article = null;
  let shown = null;

  // As Gradio does it: the browser's first language decides.
  document.documentElement.lang = /^ja\b/i.test(navigator.language || "") ? "ja" : "en";

  // The Enter that ends a Japanese conversion must not send. Gradio does not look at isComposing,
  // so it must not see that key at all; 229 is what Safari says when composition has just ended.
  for (const type of ["keydown", "keypress", "keyup"]) {
    window.addEventListener(type, (event) => {
      const composing = event.isComposing || event.keyCode === 229;
      if (event.key === "Enter" && composing) event.stopImmediatePropagation();
    }, true);
  }

  function make(tag, kind, text) {
    const node = document.createElement(tag);
    node.className = kind;
    node.textContent = text;
    return node;
  }

  function passage({ kind, marker, sentences }, title) {
    const node = make(kind === "heading" ? "header" : "p", `passage ${kind}`, "");
    // A bare bullet is drawn as a dash; 「- (1)」 is read as (1).
    if (marker) node.append(make("span", "marker", marker.replace(/^\W\s+(?=\S)/, "")));
    const body = make("span", "body", "");
    for (const [start, end, text, gap] of sentences) {
      const sentence = make("span", text === title ? "sentence title" : "sentence", text);
      sentence.dataset.start = start;
      sentence.dataset.end = end;
      body.append(sentence, gap);
    }
    node.append(body);
    return node;
  }

  function show(id) {
    const data = documents[id];
    if (!data || (shown === data && article.firstChild)) return;
    shown = data;
    article.lang = data.language;
    article.setAttribute("aria-label", data.title || id);
    article.replaceChildren(...data.passages.map((one) => passage(one, data.title)));
    if (data.passages[0]?.kind !== "heading") article.prepend(make("h2", "title", data.title || id));
    article.scrollTop = 0;
  }

  // Marks the sentences in the spans [statement, start, end] and scrolls the first span into view.
  // Only the panel scrolls, never the page.
  function mark(spans, kind) {
    const sentences = [...article.querySelectorAll(".sentence")];
    for (const one of sentences) one.classList.remove("quoted", "near");
    const hits = spans.flatMap(([statement, start, end]) => sentences.filter((one) =>
      documents[statement] === shown && +one.dataset.start >= start && +one.dataset.end <= end));
    for (const one of hits) one.classList.add(kind);
    if (!hits.length) return;
    const offset = hits[0].getBoundingClientRect().top - article.getBoundingClientRect().top;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    article.scrollTo({
      top: article.scrollTop + offset - article.clientHeight / 4,
      behavior: still ? "auto" : "smooth",
    });
  }

  function span(link) {
    const [, start, end, id] = /^#passage-[^-]*-(\d+)-(\d+)-(.*)$/.exec(link.getAttribute("href"));
    return [decodeURIComponent(id), +start, +end];
  }

  function cite(link) {
    const near = link.closest(".nearest");
    const first = span(link);
    const others = near ? [] : [...link.closest(".answer").querySelectorAll(CITATION)].map(span);
    show(first[0]);
    // On a phone the panel is below the chat, and who follows a citation wants to see it.
    article.scrollIntoView({ block: "nearest" });
    mark([first, ...others], near ? "near" : "quoted");
  }

  async function copy(link) {
    const quote = link.closest(".quote");
    const [words, source] = [".words", CITATION].map((one) => quote.querySelector(one).textContent);
    await navigator.clipboard.writeText(`${words}\n${source}`);
    link.classList.add("done");
    setTimeout(() => link.classList.remove("done"), 1500);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(`${CITATION}, a[href="#copy"]`);
    if (!link?.closest(".quote")) return;
    event.preventDefault();
    if (link.matches(CITATION)) cite(link);
    else copy(link);
  });

  // A new question goes to the top of the chat. Gradio also reads each turn's HTML source out to
  // screen readers, as an aria-label; without it they read the turn itself.
  let turns = 0;
  function tidy() {
    const chat = document.querySelector("#shutten-turns");
    for (const one of chat?.querySelectorAll("[data-testid][aria-label]") ?? []) {
      one.removeAttribute("aria-label");
    }
    const asked = [...(chat?.querySelectorAll(".asked") ?? [])];
    const log = chat?.querySelector('[role="log"]');
    const last = asked.at(-1);
    // Again when the answer has come: only then is there enough below to scroll.
    const count = asked.length + (chat?.querySelectorAll(".answer").length ?? 0);
    if (last && count > turns) {
      log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top;
    }
    turns = count;
  }
  new MutationObserver(tidy).observe(document, {
    subtree: true, childList: true, attributeFilter: ["aria-label"],
  });

  function attach(element, props, watch) {
    const update = () => {
      article = element.querySelector(".document");
      if (!props.value) return;
      const data = JSON.parse(props.value);
      for (const [id, one] of Object.entries(data.documents)) {
        // Equal documents stay the same object, so that the panel is not built again.
        if (JSON.stringify(documents[id]) !== JSON.stringify(one)) documents[id] = one;
      }
      show(data.show);
      mark(data.quotes, "quoted");
    };
    watch("value", update);
    update();
  }

  return { attach };
})();
