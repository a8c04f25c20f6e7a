// The facts of a statement in a form. A reader corrects them there, before it is kept or later.
"use strict";
shutten.factsForm = (() => {
  const { language, make, row, say } = shutten;
  const LABELS = {
    title: "fact_title", date: "fact_date", parties: "label_parties", language: "fact_language",
    status: "fact_status", url: "label_url", title_en: "label_title_en", status_en: "label_status_en",
    issuers: "fact_issuers", venue: "fact_venue", number: "label_number", kind: "label_kind",
    signatories: "fact_signatories", occasion: "fact_occasion", pair: "label_pair",
  };
  // The facts that have a field. The others are only shown.
  const FIELDS = ["title", "date", "parties", "language", "status", "url"];
  const FOUND = {
    recorded: "found_recorded", head: "found_head", title: "found_title", text: "found_text",
    hand: "found_hand",
  };
  const WRONG = {
    date: "wrong_date", parties: "wrong_parties", language: "wrong_language", url: "wrong_url",
  };
  let number = 0; // of the last form that was made

  const named = (name, value) => say("fact").replace("{name}", say(LABELS[name] ?? "label_fact")).replace("{value}", value);
  const origin = (found) => (FOUND[found] ? say(FOUND[found]) : "");

  function field({ name, text, found }, prefix) {
    const id = `${prefix}-${name}`;
    const node = make("div", "field", "");
    const input = make("input", "", "", {
      id, type: name === "date" ? "date" : "text", autocomplete: "off", spellcheck: "false",
      "aria-describedby": `${id}-found ${id}-wrong`,
    });
    input.value = text[language];
    const hint = name === "parties" ? say("parties_hint") : "";
    node.append(
      make("label", "", say(LABELS[name]), { for: id }), input,
      make("p", "found", [origin(found), hint].filter(Boolean).join(" · "), { id: `${id}-found` }),
      make("p", "wrong", "", { id: `${id}-wrong`, role: "alert" }),
    );
    input.addEventListener("input", () => clear(node));
    return { node, input, name, before: input.value };
  }

  function clear(node) {
    node.querySelector("input").removeAttribute("aria-invalid");
    node.querySelector(".wrong").textContent = "";
  }

  // Makes the form from the facts as the server gives them.
  function build(facts) {
    const prefix = `shutten-fact-${number += 1}`;
    const form = make("form", "facts-form", "", { novalidate: "" });
    const byName = new Map(facts.map((fact) => [fact.name, fact]));
    const fields = FIELDS.map((name) => field(byName.get(name), prefix));
    const others = facts.filter(({ name, text }) => !FIELDS.includes(name) && text[language]);
    form.append(...fields.map(({ node }) => node));
    form.append(...others.map(({ name, text, found }) => row(
      "other-fact", [named(name, text[language]), origin(found)],
    )));

    // The facts that the reader changed.
    const changed = () => Object.fromEntries(
      fields.filter(({ input, before }) => input.value.trim() !== before.trim())
        .map(({ name, input }) => [name, input.value.trim()]),
    );

    // Says at its field what is wrong. Returns whether there is such a field.
    function showWrong(name) {
      const wrong = fields.find((each) => each.name === name);
      if (!wrong) return false;
      wrong.input.setAttribute("aria-invalid", "true");
      wrong.node.querySelector(".wrong").textContent = say(WRONG[name] ?? "wrong_fact");
      wrong.input.focus();
      return true;
    }

    return { changed, focus: () => fields[0].input.focus(), form, showWrong };
  }

  return build;
})();
