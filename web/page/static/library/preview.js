// What was read of a file, to look at before it is kept: its facts, its passages, and what was cut.
"use strict";
shutten.preview = (() => {
  const { factsForm, language, make, say, sending } = shutten;
  const REASONS = {
    "page number": "cut_page_number", "line number": "cut_line_number",
    "running header": "cut_running_header", ruby: "cut_ruby", watermark: "cut_watermark",
    hidden: "cut_hidden", deleted: "cut_deleted", comment: "cut_comment",
    navigation: "cut_navigation", "link list": "cut_link_list", form: "cut_form", notice: "cut_notice",
    aside: "cut_aside", script: "cut_script",
  };
  const LATIN = /[\u0021-\u024f]$/;
  const view = shutten.dialog("preview");
  const keep = make("button", "main", "", { type: "button" });
  const replace = make("button", "", say("replace"), { type: "button" });
  const discard = make("button", "", say("discard"), { type: "button" });
  const close = make("button", "", say("close"), { type: "button" });
  const wrong = make("p", "wrong", "", { role: "alert" });
  const number = (value) => value.toLocaleString(language);
  let item = null; // that is shown
  let form = null;
  let leave = () => {};
  let row = null; // of the file, which has the focus after it was kept

  function section(heading, ...parts) {
    const node = make("section", "", "");
    node.append(make("h3", "", heading), ...parts);
    return node;
  }

  function passage({ kind, marker, sentences, pages }) {
    const node = make("p", `passage ${kind}`, "", { dir: "auto" });
    if (marker) node.append(make("span", "marker", `${marker} `));
    sentences.forEach((sentence, at) => {
      // Languages that part words with a blank part sentences with one, too.
      node.append(at && LATIN.test(sentences[at - 1]) ? " " : "", make("span", "sentence", sentence));
    });
    if (pages.length) {
      node.append(" ", make("span", "page", say("original_page").replace("{page}", pages[0])));
    }
    return node;
  }

  function cut({ reason, page, text }) {
    const node = make("li", "", "");
    const place = page ? say("original_page").replace("{page}", page) : "";
    node.append(make("span", "reason", [say(REASONS[reason] ?? "cut_other"), place].filter(Boolean).join(", ")));
    node.append(" ", make("bdi", "", text));
    return node;
  }

  function passages({ counts, passages: shown, language: code }) {
    const box = make("div", "text", "", code ? { lang: code } : {});
    box.append(...shown.map(passage));
    const less = shown.length < counts.passages;
    const note = less ? say("first_passages").replace("{count}", number(shown.length)) : "";
    return section(
      say("passages_heading").replace("{count}", number(counts.passages)),
      ...(note ? [make("p", "note", note)] : []), box,
    );
  }

  function cuts({ counts, cuts: shown }) {
    const box = make("details", "", "");
    const rows = make("ul", "", "");
    rows.append(...shown.map(cut));
    box.append(make("summary", "", say("cuts_heading").replace("{count}", number(counts.cuts))), rows);
    return box;
  }

  function warnings(lines) {
    const list = make("ul", "warnings", "", { lang: "en" });
    list.append(...lines.map((line) => make("li", "", line)));
    return section(say("warnings_heading"), list);
  }

  function open(shown, back, place) {
    [item, leave, row] = [shown, place.discard, place.row];
    const { preview: data, copy_of: copy, changes } = item.reply;
    form = factsForm(data.facts);
    wrong.textContent = "";
    form.form.addEventListener("submit", (event) => event.preventDefault());
    view.body.replaceChildren(
      ...(data.warnings.length ? [warnings(data.warnings)] : []),
      section(say("facts_heading"), make("p", "note", say("facts_hint")), form.form),
      passages(data),
      ...(data.counts.cuts ? [cuts(data)] : []),
    );
    [keep.hidden, replace.hidden] = [Boolean(copy), !changes || Boolean(copy)];
    keep.textContent = say(changes ? "keep_both" : "keep");
    view.buttons.replaceChildren(wrong, keep, replace, discard, close);
    view.open(item.file.name, back);
  }

  // Keeps the file with the facts of the form. What is wrong with these is said at their fields.
  async function decide(replacing) {
    wrong.textContent = "";
    const error = await sending.keep(item, form.changed(), replacing);
    if (!error) {
      view.giveBackTo(row);
      view.close();
    } else if (!form.showWrong(error.field)) wrong.textContent = error.error || say("lost");
  }

  keep.addEventListener("click", () => decide(false));
  replace.addEventListener("click", () => decide(true));
  close.addEventListener("click", view.close);
  discard.addEventListener("click", () => {
    view.close();
    leave(item);
  });

  return { open };
})();
