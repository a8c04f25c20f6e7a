// Adding files: a button and a target for them at the list of statements, and a row for each file.
"use strict";
shutten.adding = (() => {
  const { library, make, panel, preview, say, sending, statement, uploadRow } = shutten;
  // What a file chooser shows. Other files can be dropped, and the server tells what they are.
  const SUFFIXES = ".pdf,.docx,.docm,.html,.htm,.xhtml,.mht,.mhtml,.txt,.text,.md,.markdown";
  const bar = make("div", "adder", "");
  const add = make("button", "add", say("add_files"), { type: "button" });
  const chooser = make("input", "", "", {
    type: "file", multiple: "", accept: SUFFIXES, hidden: "", tabindex: "-1", "aria-label": say("add_files"),
  });
  const all = make("button", "keep-all", "", { type: "button", hidden: "" });
  const list = make("ul", "uploads", "", { "aria-label": say("uploads"), hidden: "" });
  const target = make("div", "drop", say("drop_now"), { "aria-hidden": "true" });
  const rows = new Map(); // the row of each item
  const READY = ({ reply, state }) => state === "ready" && !reply.copy_of;

  // -- Files --------------------------------------------------------------------------------

  function take(files, folders = 0) {
    for (const file of files) {
      const item = sending.add(file, changed);
      rows.set(item, uploadRow.build(item, actions));
      list.append(rows.get(item).node);
      const problem = uploadRow.problem(file);
      if (problem) sending.refuse(item, problem);
      else rows.get(item).draw();
    }
    arrange();
    if (folders) statement.announce(say("is_folder"));
    list.lastElementChild?.scrollIntoView({ block: "nearest" });
    sending.start();
  }

  // Draws a row again, and tells screen readers what is done.
  async function changed(item, before) {
    const { file, state } = item;
    if (state === "added" && before !== "added") await refresh();
    rows.get(item)?.draw();
    arrange();
    if (!before || before === state) return;
    const texts = { ready: "heard_ready", refused: "heard_refused", added: "heard_added" };
    if (texts[state] && !item.gone) statement.announce(say(texts[state]).replace("{file}", file.name));
  }

  // Brings the list of statements up to date.
  async function refresh() {
    const { status, data } = await sending.request("GET", "library");
    if (status === 200) panel.update(data.statements, data.list);
  }

  function arrange() {
    list.hidden = !sending.all.length;
    const ready = sending.all.filter(READY);
    const focused = document.activeElement === all;
    all.hidden = ready.length < 2;
    all.textContent = say("keep_all").replace("{count}", ready.length);
    if (focused && all.hidden) add.focus();
  }

  // Takes a row off the list. The focus goes to the next one.
  function leave(item) {
    const { node } = rows.get(item);
    const had = node.contains(document.activeElement);
    const next = node.nextElementSibling ?? node.previousElementSibling;
    node.remove();
    rows.delete(item);
    sending.discard(item);
    arrange();
    if (had) (next ?? add).focus();
  }

  // -- What the reader can do ---------------------------------------------------------------

  const keep = (item) => sending.keep(item);
  const actions = {
    keep,
    replace: (item) => sending.keep(item, {}, true),
    look: (item, _, button) => preview.open(item, button, { discard: leave, row: rows.get(item).node }),
    recognise: (item, languages) => sending.again(item, languages),
    again: (item) => sending.again(item),
    visit: (item) => { panel.open(item.reply.statement); leave(item); },
    discard: leave,
  };

  add.addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    take([...chooser.files]);
    chooser.value = ""; // so that the same file can be chosen again
  });
  all.addEventListener("click", () => sending.all.filter(READY).forEach(keep));

  // -- Dropping -----------------------------------------------------------------------------

  const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");
  const overPanel = ({ target: over }) => Boolean(over.closest?.("#shutten-source"));

  // A file that misses the list must not take the place of the page. The tab for question sets has
  // a target of its own.
  addEventListener("dragover", (event) => {
    if (!hasFiles(event) || event.target.closest?.("#shutten-trial")) return;
    event.preventDefault();
    const over = overPanel(event);
    event.dataTransfer.dropEffect = over ? "copy" : "none";
    show(true, over);
  });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) show(false); });
  addEventListener("drop", (event) => {
    show(false);
    if (!hasFiles(event) || event.target.closest?.("#shutten-trial")) return;
    event.preventDefault();
    if (!overPanel(event)) return;
    const items = [...event.dataTransfer.items].filter(({ kind }) => kind === "file");
    const folders = items.filter((item) => item.webkitGetAsEntry?.()?.isDirectory).length;
    const files = items.filter((item) => !item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile());
    panel.list({ quiet: true });
    take(files.filter(Boolean), folders);
  });

  // Shows where files can be dropped as long as some are dragged over the page.
  function show(dragged, over = false) {
    target.classList.toggle("shown", dragged);
    target.classList.toggle("over", over);
    if (dragged && !target.isConnected) document.querySelector("#shutten-source .source")?.append(target);
  }

  bar.append(add, make("span", "or", say("drop_hint")), all, chooser);
  library.box.querySelector(".count").after(bar, list);
  return { refresh, take };
})();
