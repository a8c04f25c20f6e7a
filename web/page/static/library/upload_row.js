// The row of a file on its way: its name, how far it is, and what can be done with it.
"use strict";
shutten.uploadRow = (() => {
  const { language, make, say, sending, statement } = shutten;
  const FORMATS = { pdf: "format_pdf", html: "format_html", docx: "format_docx" };
  const MEGABYTE = 1_000_000;
  const count = (number) => number.toLocaleString(language);

  // What was read, in a few words: "PDF, 3 pages · 45 passages · 26 May 2023".
  function summary({ document: file, counts, facts, warnings }) {
    const format = file?.format === "pdf" && file.pages === 1 ? "format_pdf_one" : FORMATS[file?.format];
    const date = facts.find(({ name }) => name === "date").value;
    return [
      say(format ?? "format_text").replace("{pages}", count(file?.pages ?? 0)),
      file?.ocr ? say("by_ocr") : "",
      say("passages").replace("{count}", count(counts.passages)),
      date ? shutten.about.day(date) : say("no_date"),
      warnings.length ? say("warned").replace("{count}", count(warnings.length)) : "",
    ].filter(Boolean).join(" · ");
  }

  // What the server says of a file, without the name, which stands above it. It speaks English.
  function reason({ error, name }) {
    const start = [`upload/${name}: `, `${name}: `].find((each) => error.startsWith(each)) ?? "";
    return error.slice(start.length);
  }

  // What the row says, in the language of the page, and then what the server says.
  function words(item) {
    const { ours, reply, state } = item;
    if (ours) return [ours];
    if (state === "sending") return [say("sending").replace("{percent}", item.percent)];
    if (["waiting", "reading"].includes(state)) return [say(item.ocr ? "reading_ocr" : "being_read")];
    if (state === "added") return [say("added").replace("{name}", statement.nameOf(reply.statement))];
    if (state === "refused") return reply.ocr?.length ? [say("scan")] : [say("refused"), reason(reply)];
    if (state === "failed") return [say("lost")];
    if (state === "full") return [say("no_room").replace("{most}", count(window.shuttenMost.files))];
    if (state !== "ready") return [say({ queued: "queued", adding: "being_added" }[state])];
    if (reply.error) return [say("refused"), reason(reply)];
    const there = reply.copy_of || reply.changes;
    const about = reply.copy_of ? "copy_here" : "same_name";
    const more = there ? say(about).replace("{name}", statement.nameOf(there)) : "";
    return [[summary(reply.preview), more].filter(Boolean).join(" — ")];
  }

  const LANGUAGES = new Intl.DisplayNames(language, { type: "language", fallback: "code" });

  function nameOfLanguages(codes) {
    return codes.split("+").map((code) => {
      try {
        return LANGUAGES.of(code.replace(/_.*/, "")) + (code.includes("_") ? ` (${code})` : "");
      } catch {
        return code;
      }
    }).join(" + ");
  }

  // Makes the row. `actions` has what its buttons do: look, keep, replace, discard, visit, recognise, again.
  function build(item, actions) {
    const node = make("li", "upload", "", { tabindex: "-1" });
    const name = make("p", "file", "");
    name.append(make("bdi", "", item.file.name));
    const state = make("p", "state", "");
    const bar = make("progress", "", "", { max: "100", "aria-label": item.file.name });
    const choices = make("select", "", "", { "aria-label": say("ocr_language") });
    const offered = make("div", "actions", "");
    const buttons = Object.fromEntries(Object.entries(actions).map(([key, act]) => {
      const button = make("button", key, "", { type: "button" });
      button.addEventListener("click", () => act(item, choices.value, button));
      return [key, button];
    }));
    offered.append(choices, ...Object.values(buttons));
    node.append(name, state, bar, offered);

    function label(key, text) {
      buttons[key].textContent = text;
      buttons[key].setAttribute("aria-label", say("for_file").replace("{action}", text).replace("{file}", item.file.name));
    }

    // Shows which buttons there are now. If the one with the focus goes, the row has the focus.
    function draw() {
      const { reply, state: at } = item;
      const had = node.contains(document.activeElement);
      const ready = at === "ready" && !reply.copy_of;
      const scanned = at === "refused" && Boolean(reply.ocr?.length);
      node.dataset.state = at;
      const [own, theirs] = words(item);
      if (state.textContent !== own + (theirs ?? "")) {
        state.replaceChildren(own, theirs ? make("span", "", theirs, { lang: "en" }) : "");
      }
      bar.hidden = !["sending", "waiting", "reading", "adding"].includes(at);
      if (at === "sending") bar.value = item.percent;
      else bar.removeAttribute("value");
      if (scanned && !choices.options.length) {
        choices.append(...reply.ocr.map((codes) => make("option", "", nameOfLanguages(codes), { value: codes })));
      }
      choices.hidden = !scanned || choices.options.length < 2;
      const shown = {
        keep: ready, replace: ready && Boolean(reply.changes), look: at === "ready", visit: at === "added",
        recognise: scanned, again: at === "failed", discard: at !== "adding",
      };
      for (const [key, button] of Object.entries(buttons)) button.hidden = !shown[key];
      label("keep", say(reply.changes ? "keep_both" : "keep"));
      label("discard", say({ ready: "discard", added: "close", refused: "close" }[at] ?? "cancel"));
      if (had && !node.contains(document.activeElement)) node.focus();
    }

    label("replace", say("replace"));
    label("look", say("look_first"));
    label("visit", say("read_it"));
    label("recognise", say("recognise"));
    label("again", say("again"));
    return { draw, node };
  }

  // Why a file is not even sent; empty if it is.
  function problem(file) {
    if (file.size > window.shuttenMost.file) {
      return say("too_large").replace("{most}", count(window.shuttenMost.file / MEGABYTE));
    }
    return file.size ? "" : say("empty_file");
  }

  return { build, problem, reason };
})();
