// Questions to begin with in a library: the server makes them of its statements and tries them.
"use strict";
shutten.examples = (() => {
  const { language, make, say } = shutten;
  let coming = null; // the promise of the questions, from the first time on that they are needed

  async function questions() {
    const reply = await fetch(`examples?${new URLSearchParams({ language })}`);
    return reply.ok ? reply.json() : [];
  }

  // Fills the room that the first screen of a library has for questions.
  async function fill(opening) {
    const room = opening.querySelector(".examples:empty");
    if (!room) return;
    coming ??= questions().catch(() => []);
    const all = await coming;
    if (!all.length || room.childElementCount) return;
    const box = make("div", `offers ui-${language}`, "");
    box.append(make("p", "", say("offers")));
    for (const question of all) box.append(make("button", "offer", question, { type: "button", value: "ask" }));
    room.append(box);
  }

  return { fill };
})();
