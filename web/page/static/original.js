// The pages of the original file, with the quoted words lit.
"use strict";
shutten.original = (() => {
  const { language, make, say } = shutten;
  const dialog = make("dialog", "original", "", { "aria-labelledby": "shutten-original" });
  const heading = make("h2", "", "", { id: "shutten-original" });
  const close = make("button", "close", say("close"), { type: "button" });
  const bar = make("div", "bar", "");
  const pages = make("div", "pages", "", { tabindex: "0" });
  bar.append(heading, close);
  dialog.append(bar, pages);
  let opener = null; // what gets the focus back

  // A page with its lit boxes. The boxes are shares of the page, so that they fit at every size.
  function figure(id, sha256, { number, boxes, ratio }) {
    const query = new URLSearchParams({ id, n: number, v: sha256 });
    const sheet = make("div", "sheet", "");
    sheet.style.aspectRatio = `1 / ${ratio}`;
    sheet.append(make("img", "", "", {
      src: `original/page?${query}`, alt: say("original_page").replace("{page}", number), loading: "eager",
    }));
    for (const [left, top, width, height] of boxes) {
      const box = make("span", "lit", "", { "aria-hidden": "true" });
      const sides = { left, top, width, height };
      for (const [side, share] of Object.entries(sides)) box.style[side] = `${100 * share}%`;
      sheet.append(box);
    }
    const node = make("figure", "", "");
    node.append(sheet, make("figcaption", "", say("original_page").replace("{page}", number)));
    return node;
  }

  // Opens the pages on which a span [statement, start, end] stands.
  async function open([id, start, end], name, from) {
    const reply = await fetch(`original?${new URLSearchParams({ id, start, end })}`).catch(() => null);
    const place = reply?.ok ? await reply.json() : null;
    if (!place) return shutten.statement.announce(say("lost"));
    opener = from;
    heading.textContent = name;
    if (!place.kept) {
      pages.replaceChildren(make("p", "note", say("original_not_kept")));
    } else {
      pages.replaceChildren(...place.pages.map((page) => figure(id, place.sha256, page)));
    }
    if (!dialog.isConnected) document.querySelector(".gradio-container").append(dialog);
    dialog.lang = language;
    dialog.showModal();
    pages.focus();
    pages.querySelector(".lit")?.scrollIntoView({ block: "center" });
    return undefined;
  }

  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => { pages.replaceChildren(); opener?.focus(); });
  return { open };
})();
