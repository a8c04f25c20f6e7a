// The record of a statement, above its text: who issued it, when, and what kind of text it is.
"use strict";
shutten.about = (() => {
  const { language, make, row, say } = shutten;
  const other = { ja: "en", en: "ja" }[language];
  const box = make("details", "about", "", { open: "" });
  let touched = false; // whether the reader opened or closed it
  box.addEventListener("click", () => { touched = true; });

  function day(date) {
    const parsed = /^\d{4}-\d{2}-\d{2}$/.test(date) ? new Date(`${date}T00:00:00Z`) : NaN;
    if (Number.isNaN(+parsed)) return date;
    const place = { ja: "ja", en: "en-GB" }[language];
    return new Intl.DateTimeFormat(place, { dateStyle: "long", timeZone: "UTC" }).format(parsed);
  }

  function link(url) {
    const line = make("p", "url", "");
    line.append(make("a", "", say("issuer"), { href: url, target: "_blank", rel: "noopener noreferrer" }));
    return line;
  }

  function show(id, { about }) {
    const titles = { ja: about.title || about.title_en, en: about.title_en || about.title };
    const kinds = { ja: about.status || about.status_en, en: about.status_en || about.status };
    const name = make("summary", "", "");
    name.append(make("bdi", "", titles[language] || id));
    const rows = [row("facts", [...about.issuers, day(about.date), about.venue])];
    if (titles[other] && titles[other] !== titles[language]) {
      rows.unshift(row("other", [titles[other]], { lang: other }));
    }
    const kind = about.note[language] || kinds[language];
    if (kind) rows.push(row("kind", [kind]));
    if (about.url.startsWith("https://")) rows.push(link(about.url));
    if (shutten.correcting) rows.push(shutten.correcting.row(id));
    box.replaceChildren(name, ...rows.filter((line) => line.textContent));
  }

  // Closes it when there is an answer, whose quotes need the room, unless the reader used it.
  const settle = () => { if (!touched) box.open = false; };
  return { box, day, settle, show };
})();
