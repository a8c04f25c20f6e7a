// The parts of the page that Gradio has no component for. Data becomes text nodes only.
"use strict";
window.shutten = (() => {
  const CITATION = 'a[href^="#passage-"]';
  const REMARKS = ["#good", "#bad", "#better"];
  const BUTTON = { role: "button", tabindex: "0" };
  const documents = {};
  const copies = {};
  let panel = null; // the parts of the source panel
  let shown = null; // the document in it
  let picking = null; // the answer to which a better sentence is looked for

  const language = /^ja\b/i.test(navigator.language || "") ? "ja" : "en";
  const say = (key) => window.shuttenWords[language][key];
  document.documentElement.lang = language;

  function speak(other) {
    localStorage.setItem("shutten-language", other);
    setTimeout(() => location.reload());
  }

  // The Enter that ends a Japanese conversion must not send. Gradio does not look at isComposing,
  // so it must not see that key at all; 229 is what Safari says when composition has just ended.
  for (const type of ["keydown", "keypress", "keyup"]) {
    window.addEventListener(type, (event) => {
      const composing = event.isComposing || event.keyCode === 229;
      if (event.key === "Enter" && composing) event.stopImmediatePropagation();
    }, true);
  }

  function make(tag, kind, text, about = {}) {
    const node = document.createElement(tag);
    node.className = kind;
    node.textContent = text;
    for (const [name, value] of Object.entries(about)) node.setAttribute(name, value);
    return node;
  }

  // -- The statement ------------------------------------------------------------------------

  function passage({ id, kind, marker, sentences }, title, statement) {
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
    const [first, last] = [sentences[0][0], sentences.at(-1)[1]];
    const place = `#passage-${id}-${first}-${last}-${encodeURIComponent(statement)}`;
    node.append(body, make("a", "anchor", "", { href: place, "aria-label": say("link"), title: say("link") }));
    return node;
  }

  function show(id) {
    const data = documents[id];
    if (!data || (shown === data && panel.article.firstChild)) return;
    shown = data;
    const { article } = panel;
    article.lang = data.language;
    article.setAttribute("aria-label", data.title || id);
    article.replaceChildren(...data.passages.map((one) => passage(one, data.title, id)));
    if (data.passages[0]?.kind !== "heading") article.prepend(make("h2", "title", data.title || id));
    article.scrollTop = 0;
    find();
  }

  // Only the panel scrolls, never the page.
  function reveal(rectangle) {
    const { article } = panel;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    article.scrollTo({
      top: article.scrollTop + rectangle.top - article.getBoundingClientRect().top - article.clientHeight / 4,
      behavior: still ? "auto" : "smooth",
    });
  }

  // Marks the sentences in the spans [statement, start, end], the first span's above the others,
  // and scrolls it into view.
  function mark(spans, kind) {
    const sentences = [...panel.article.querySelectorAll(".sentence")];
    for (const one of sentences) one.classList.remove("quoted", "near", "first");
    const within = ([statement, start, end]) => sentences.filter((one) =>
      documents[statement] === shown && +one.dataset.start >= start && +one.dataset.end <= end);
    for (const one of spans.flatMap(within)) one.classList.add(kind);
    const first = spans.map(within).find((hits) => hits.length) ?? [];
    for (const one of first) one.classList.add("first");
    if (first.length) reveal(first[0].getBoundingClientRect());
  }

  function span(link) {
    const found = /^#passage-[^-]*-(\d+)-(\d+)-(.*)$/.exec(link);
    try {
      return found && [decodeURIComponent(found[3]), +found[1], +found[2]];
    } catch {
      return null; // a link cut off on its way
    }
  }

  function cite(link) {
    const near = link.closest(".nearest");
    const first = span(link.getAttribute("href"));
    const all = [...link.closest(".answer").querySelectorAll(CITATION)];
    const others = near ? [] : all.map((one) => span(one.getAttribute("href")));
    show(first[0]);
    // On a phone the panel is below the chat, and who follows a citation wants to see it.
    panel.article.scrollIntoView({ block: "nearest" });
    mark([first, ...others], near ? "near" : "quoted");
  }

  // -- Search in the statement --------------------------------------------------------------

  // A key of the same length, so that a place in it is a place in the text.
  const fold = (text) => [...text].map((sign) => {
    const plain = sign.normalize("NFKC").toLowerCase();
    return plain.length === sign.length ? plain : sign;
  }).join("");
  let matches = [];
  let at = 0;

  function find() {
    const wanted = fold(panel.search.value.trim());
    matches = [];
    for (const node of wanted ? panel.article.querySelectorAll(".body") : []) {
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

  function go(step, wanted = panel.search.value.trim()) {
    at = matches.length ? (at + step + matches.length) % matches.length : 0;
    if (step === 0) at = 0;
    const { count } = panel;
    if (!wanted) count.textContent = "";
    else if (!matches.length) count.textContent = say("nothing");
    else count.textContent = say("matches").replace("{at}", at + 1).replace("{count}", matches.length);
    if (window.Highlight) {
      CSS.highlights.set("shutten-found", new Highlight(...matches));
      CSS.highlights.set("shutten-here", new Highlight(...matches.slice(at, at + 1)));
    }
    if (wanted && matches.length) reveal(matches[at].getBoundingClientRect());
  }

  function toolbar() {
    const bar = make("div", "tools", "", { role: "search" });
    const search = make("input", "", "", {
      type: "search", placeholder: say("search"), "aria-label": say("search"),
    });
    const count = make("span", "count", "", { role: "status" });
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
    return { bar, search, count };
  }

  // -- What a reader takes away, and says ---------------------------------------------------

  function done(link) {
    link.classList.add("done");
    setTimeout(() => link.classList.remove("done"), 1500);
  }

  // Browsers give a page the clipboard only on this machine and over TLS; elsewhere, or where it is
  // denied, the words are shown for the reader to copy.
  async function toClipboard(text, link) {
    try {
      await navigator.clipboard.writeText(text);
      done(link);
      announce(say("copied"));
    } catch {
      window.prompt(say("copy_yourself"), text);
    }
  }

  function copy(link) {
    const source = link.closest(".quote").querySelector(CITATION).getAttribute("href");
    toClipboard(copies[source][link.hash.replace("#copy-", "")], link);
  }

  function copyPlace(link) {
    const place = link.getAttribute("href");
    const [statement] = span(place);
    mark([span(place)], "near");
    const query = new URLSearchParams({ s: statement });
    toClipboard(`${location.origin}${location.pathname}?${query}${place}`, link);
  }

  function announce(text) {
    panel.hint.textContent = text;
    setTimeout(() => { if (panel.hint.textContent === text) panel.hint.textContent = ""; }, 4000);
  }

  function save(name, text) {
    const link = make("a", "", "", { download: name });
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  async function remark(answer, kind, better = null) {
    const turns = [...document.querySelectorAll("#shutten-turns :is(.asked, .answer)")];
    const before = turns.slice(0, turns.indexOf(answer)).filter((one) => one.matches(".asked"));
    const asked = before.map((one) => one.textContent);
    const quoted = [...answer.querySelectorAll(`blockquote ~ .cite ${CITATION}`)];
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
    panel.hint.textContent = answer ? say("pick") : "";
    for (const one of panel.article.querySelectorAll(".sentence")) {
      if (answer) Object.entries(BUTTON).forEach((about) => one.setAttribute(...about));
      else Object.keys(BUTTON).forEach((name) => one.removeAttribute(name));
    }
    if (answer) (panel.article.querySelector(".sentence.first") ?? panel.article).focus();
  }

  function picked(sentence) {
    const [name] = Object.entries(documents).find(([, one]) => one === shown);
    // The conversation may have been cleared in the meantime.
    if (picking.isConnected) {
      remark(picking, "better", [name, +sentence.dataset.start, +sentence.dataset.end]);
    }
    pick(null);
  }

  document.addEventListener("click", (event) => {
    const { target } = event;
    if (target.closest?.("#shutten-language")) return speak(language === "ja" ? "en" : "ja");
    const sentence = picking && target.closest?.("#shutten-source .sentence");
    if (sentence) return picked(sentence);
    const link = target.closest?.('.answer a[href^="#"], a.anchor');
    if (!link) return undefined;
    event.preventDefault();
    if (link.matches(".anchor")) return copyPlace(link);
    if (link.matches(CITATION)) return cite(link);
    if (link.hash.startsWith("#copy-")) return copy(link);
    if (!REMARKS.includes(link.hash)) return undefined;
    const answer = link.closest(".answer");
    return link.hash === "#better" ? pick(answer) : remark(answer, link.hash.slice(1));
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

  // -- Around Gradio ------------------------------------------------------------------------

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
    // Again when the answer has come: only then is there enough below to scroll. The number falls
    // when a long conversation drops its first turn.
    const count = asked.length + (chat?.querySelectorAll(".answer").length ?? 0);
    if (last && count !== turns) {
      log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top;
    }
    turns = count;
  }
  new MutationObserver(tidy).observe(document, {
    subtree: true, childList: true, attributeFilter: ["aria-label"],
  });

  function attach(element, props, watch) {
    const { bar, search, count } = toolbar();
    const article = make("article", "document", "", { tabindex: "0" });
    const hint = make("p", "hint", "", { role: "status" });
    element.querySelector(".source").replaceChildren(bar, hint, article);
    panel = { article, search, count, hint };
    shown = null;
    let linked = span(location.hash);
    let answered = false;
    const update = () => {
      if (!props.value) return;
      const data = JSON.parse(props.value);
      for (const [id, one] of Object.entries(data.documents)) {
        // Equal documents stay the same object, so that the panel is not built again.
        if (JSON.stringify(documents[id]) !== JSON.stringify(one)) documents[id] = one;
      }
      Object.assign(copies, data.copies);
      show(data.show);
      mark(data.quotes, "quoted");
      if (linked && documents[linked[0]]) {
        show(linked[0]);
        mark([linked], "near");
      }
      // The address asks the last question again, for whoever it is given to.
      const query = data.link ? `?q=${encodeURIComponent(data.link)}` : "";
      // Until the first answer it says what the page was opened for.
      answered ||= Boolean(data.turns);
      if (answered) {
        linked = null;
        history.replaceState(history.state, "", location.pathname + query);
      }
    };
    watch("value", update);
    update();
  }

  return { attach, save };
})();
