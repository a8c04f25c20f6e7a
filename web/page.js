// The parts of the page that Gradio has no component for: clicks, copies, and what Gradio leaves out.
"use strict";
(() => {
  const { language, make, say, statement, remarks } = shutten;
  const { span } = statement;
  const CITATION = 'a[href^="#passage-"]';
  const REMARKS = ["good", "bad", "better"];
  const copies = {};

  function speak(other) {
    localStorage.setItem("shutten-language", other);
    setTimeout(() => location.reload());
  }

  function cite(link) {
    const near = link.closest(".nearest");
    const first = span(link.getAttribute("href"));
    const all = [...link.closest(".answer").querySelectorAll(CITATION)];
    const others = near ? [] : all.map((one) => span(one.getAttribute("href")));
    statement.show(first[0]);
    // On a phone the panel is below the chat, and who follows a citation wants to see it.
    statement.article.scrollIntoView({ block: "nearest" });
    statement.mark([first, ...others], near ? "near" : "quoted");
  }

  // -- What a reader takes away -------------------------------------------------------------

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
      statement.announce(say("copied"));
    } catch {
      window.prompt(say("copy_yourself"), text);
    }
  }

  function copy(link) {
    const source = link.closest(".quote").querySelector(CITATION).getAttribute("href");
    toClipboard(copies[source][link.value.replace("copy-", "")], link);
  }

  function copyPlace(link) {
    const place = link.value;
    const [named] = span(place);
    statement.mark([span(place)], "near");
    const query = new URLSearchParams({ s: named });
    toClipboard(`${location.origin}${location.pathname}?${query}${place}`, link);
  }

  function save(name, text) {
    const link = make("a", "", "", { download: name });
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  document.addEventListener("click", (event) => {
    const { target } = event;
    if (target.closest?.("#shutten-language")) return speak(language === "ja" ? "en" : "ja");
    const offer = target.closest?.("#shutten-turns button.offer");
    if (offer) return shutten.ask(offer.textContent);
    // The quote itself leads to its place, but not while words of it are selected.
    const quote = target.closest?.(".words")?.closest(".quote");
    if (quote && getSelection().isCollapsed) return cite(quote.querySelector(CITATION));
    const link = target.closest?.(`.answer :is(${CITATION}, button), .anchor`);
    if (!link) return undefined;
    event.preventDefault();
    if (link.matches(".anchor")) return copyPlace(link);
    if (link.matches(CITATION)) return cite(link);
    if (link.value.startsWith("copy-")) return copy(link);
    if (!REMARKS.includes(link.value)) return undefined;
    return remarks(link.closest(".answer"), link.value);
  });

  // -- Around Gradio ------------------------------------------------------------------------

  // A new question goes to the top of the chat. Gradio also reads each turn's HTML source out to
  // screen readers, as an aria-label; without it they read the turn itself.
  let turns = 0;
  function tidy() {
    const chat = document.querySelector("#shutten-turns");
    // Gradio's button has a picture and no name.
    const send = document.querySelector("#shutten-box .submit-button:not([aria-label])");
    if (send) Object.assign(send, { ariaLabel: say("send"), title: say("send") });
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
      // On a short screen the page scrolls instead of the chat.
      if (getComputedStyle(log).overflowY === "visible") last.scrollIntoView({ block: "start" });
      else log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top;
    }
    turns = count;
  }
  new MutationObserver(tidy).observe(document, {
    subtree: true, childList: true, attributeFilter: ["aria-label"],
  });

  function attach(element, props, watch) {
    statement.attach(element.querySelector(".source"));
    // The question box has the focus from the start; on a short screen that hides the beginning.
    scrollTo(0, 0);
    let linked = span(location.hash);
    let answered = false;
    const update = () => {
      if (!props.value) return;
      const data = JSON.parse(props.value);
      statement.add(data.documents);
      Object.assign(copies, data.copies);
      statement.show(data.show);
      if (data.quotes.length) statement.mark(data.quotes, "quoted");
      else statement.mark(data.near, "near");
      if (data.turns) shutten.about.settle();
      if (linked && statement.has(linked[0])) {
        statement.show(linked[0]);
        statement.mark([linked], "near");
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

  Object.assign(shutten, { attach, save });
})();
