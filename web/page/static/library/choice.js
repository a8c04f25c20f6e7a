// The statements that the next question is asked of, and the line that says so above the box.
"use strict";
shutten.choice = (() => {
  const { language, make, say } = shutten;
  const KEY = "shutten-chosen";
  const MOST = window.shuttenMost.chosen;
  const words = make("p", "", "", { role: "status" });
  const names = make("span", "names", "");
  const all = make("button", "", say("ask_all"), { type: "button" });
  const listeners = []; // functions that are called when the choice has changed
  let rows = null; // all statements by id, once they are known
  let chosen = stored();

  function stored() {
    try {
      const ids = JSON.parse(localStorage.getItem(KEY)) ?? [];
      return ids.filter((id) => typeof id === "string").slice(0, MOST);
    } catch {
      return []; // another program wrote it
    }
  }

  function draw() {
    const box = words.parentElement;
    if (!box) return;
    const count = rows ? Object.keys(rows).length : "…";
    box.hidden = !chosen.length;
    words.replaceChildren(say("asking").replace("{count}", chosen.length).replace("{statements}", count));
    const titles = rows ? chosen.map((id) => rows[id][language].name) : [];
    names.textContent = titles.join(" · ");
    names.title = titles.join("\n");
  }

  // Chooses these statements. Returns whether there are not too many of them.
  function set(ids) {
    if (ids.length > MOST) {
      shutten.statement.announce(say("most_chosen").replace("{most}", MOST));
      return false;
    }
    chosen = [...new Set(ids)];
    try {
      localStorage.setItem(KEY, JSON.stringify(chosen));
    } catch { /* no room, or not allowed: the page works without it */ }
    draw();
    for (const listener of listeners) listener();
    return true;
  }

  const toggle = (id, on) => set(on ? [...chosen, id] : chosen.filter((other) => other !== id));

  // Takes the list of statements, and gives up those that are not there any more.
  function update(all_rows) {
    rows = Object.fromEntries(all_rows.map((row) => [row.id, row]));
    set(all_rows.length > 1 ? chosen.filter((id) => id in rows) : []);
  }

  all.addEventListener("click", () => {
    set([]);
    document.querySelector("#shutten-box textarea").focus();
  });

  function attach(box) {
    box.append(words, names, all);
    draw();
  }

  const onChange = (listener) => listeners.push(listener);
  return { attach, has: (id) => chosen.includes(id), ids: () => chosen, onChange, set, toggle, update };
})();
