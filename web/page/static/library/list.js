// The list of statements: search, order, and a row for each with a box to choose and a title to open.
"use strict";
shutten.library = (() => {
  const { choice, fold, language, make, row: line, say } = shutten;
  const MOST_PARTIES = 120; // characters of the names of parties in a row
  const box = make("section", "library", "", { "aria-label": say("statements") });
  const finder = make("div", "finder", "", { role: "search" });
  const search = make("input", "", "", {
    type: "search", placeholder: say("find_statement"), "aria-label": say("find_statement"),
  });
  const order = make("select", "", "", { "aria-label": say("order") });
  for (const way of ["newest", "by_title"]) order.append(make("option", "", say(way), { value: way }));
  const count = make("p", "count", "", { role: "status" });
  const list = make("div", "list", "", { role: "group", "aria-label": say("statements") });
  let rows = [];
  let items = new Map(); // the element of each statement, by its id
  let keys = null; // what a search looks at in each statement, once it is needed
  let opener = () => {};

  // -- Rows ---------------------------------------------------------------------------------

  function item(row) {
    const about = row[language];
    const node = make("li", "statement", "");
    node.dataset.id = row.id;
    const tick = make("input", "", "", {
      type: "checkbox", tabindex: "-1", "aria-label": say("choose_it").replace("{title}", about.title),
    });
    const open = make("button", "open", "", { type: "button", tabindex: "-1" });
    open.append(make("bdi", "", about.title));
    const parties = about.parties.length > MOST_PARTIES ? `${about.parties.slice(0, MOST_PARTIES)}…` : about.parties;
    const passages = say("passages").replace("{count}", row.passages.toLocaleString(language));
    const label = make("label", "tick", "");
    label.append(tick);
    node.append(label, open, line("facts", [about.day, parties, about.status, passages]));
    return node;
  }

  function update(all) {
    rows = all;
    items = new Map(rows.map((row) => [row.id, item(row)]));
    keys = null;
    box.classList.toggle("single", rows.length < 2); // which is asked in any case
    mark();
    sort();
  }

  // Groups the rows by year, or sorts them by title.
  function sort() {
    const byTitle = order.value === "by_title";
    const name = (row) => row[language].title;
    const sorted = byTitle
      ? rows.toSorted((a, b) => name(a).localeCompare(name(b), language, { numeric: true })) : rows;
    const groups = new Map();
    for (const row of sorted) {
      const year = byTitle ? "" : row.date.slice(0, 4) || say("undated");
      groups.set(year, [...groups.get(year) ?? [], items.get(row.id)]);
    }
    list.replaceChildren(...[...groups].map(([year, members]) => {
      const group = make("section", "", "");
      if (year) group.append(make("h2", "", year));
      const rowsOfGroup = make("ul", "", "");
      rowsOfGroup.append(...members);
      group.append(rowsOfGroup);
      return group;
    }));
    find();
  }

  function mark() {
    for (const [id, node] of items) {
      const on = choice.has(id);
      node.classList.toggle("chosen", on);
      node.querySelector("input").checked = on;
    }
  }

  // -- Search -------------------------------------------------------------------------------

  // Latin letters without their accents, which people leave out when they type.
  const plain = (text) => fold(text).key.normalize("NFD").replace(/(\p{sc=Latin})\p{M}+/gu, "$1").normalize("NFC");

  // Titles, names with dates, parties and status in both languages, and the id.
  const key = (row) => plain([row.id, row.date, ...[row.en, row.ja].flatMap(Object.values)].join(" \n "));

  function find() {
    const words = search.value.split(/[\s\u3000]+/).map(plain).filter(Boolean);
    if (words.length) keys ??= new Map(rows.map((row) => [row.id, key(row)]));
    let found = 0;
    for (const [id, node] of items) {
      node.hidden = !words.every((word) => keys.get(id).includes(word));
      found += !node.hidden;
    }
    for (const group of list.children) group.hidden = !group.querySelector(".statement:not([hidden])");
    const whole = ["no_statement", "one_statement"][rows.length] ?? "count_statements";
    const text = !words.length ? whole : found ? "found_statements" : "no_statement_found";
    const number = (value) => value.toLocaleString(language);
    count.textContent = say(text).replace("{count}", number(found)).replace("{statements}", number(rows.length));
    stop(visible()[0]);
  }

  // -- Keys ---------------------------------------------------------------------------------

  const visible = () => [...list.querySelectorAll(".statement:not([hidden])")];

  // Makes one row a stop for the Tab key. The arrow keys go on from there.
  function stop(node) {
    for (const part of list.querySelectorAll('.statement [tabindex="0"]')) part.tabIndex = -1;
    for (const part of node?.querySelectorAll(".open, input") ?? []) part.tabIndex = 0;
  }

  list.addEventListener("keydown", (event) => {
    const all = visible();
    const at = all.indexOf(event.target.closest(".statement"));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = all[to];
    if (!next) return;
    stop(next);
    next.querySelector(event.target.matches("input") ? "input" : ".open").focus();
  });

  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") focus();
    if (event.key === "ArrowDown") event.preventDefault();
  });

  function focus(id) {
    const node = items.get(id) ?? visible()[0];
    if (!node || node.hidden) return search.focus();
    stop(node);
    node.scrollIntoView({ block: "nearest" });
    return node.querySelector(".open").focus({ preventScroll: true });
  }

  // -- Events -------------------------------------------------------------------------------

  list.addEventListener("click", (event) => {
    const node = event.target.closest(".statement");
    if (!node) return;
    stop(node);
    if (event.target.closest(".open")) opener(node.dataset.id);
  });
  list.addEventListener("change", (event) => {
    const { id } = event.target.closest(".statement").dataset;
    if (!choice.toggle(id, event.target.checked)) event.target.checked = false;
  });
  search.addEventListener("input", find);
  order.addEventListener("change", sort);
  choice.onChange(mark);
  finder.append(search, order);
  box.append(finder, count, list);

  return { box, focus, onOpen: (open) => { opener = open; }, search, update };
})();
