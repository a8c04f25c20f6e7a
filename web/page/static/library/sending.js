// Files on their way: each is sent, read by the server, and kept or discarded. Nothing is drawn here.
"use strict";
shutten.sending = (() => {
  const PAUSE = 300; // milliseconds between two questions how far the server is
  const TRIES = 4; // failed questions in a row after which the server is taken for unreachable
  const BUSY = ["waiting", "reading", "adding"];
  const all = []; // the items that are on the page, in the order in which they came
  const pause = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

  // Asks the server, and returns { status, data }; the status is 0 if it cannot be reached.
  async function request(method, path, body) {
    const json = body === undefined ? {}
      : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    try {
      const reply = await fetch(path, { method, ...json });
      return { status: reply.status, data: await reply.json() };
    } catch {
      return { status: 0, data: { error: "" } };
    }
  }

  // Sends the next file that waits. One at a time is enough, since the server reads one at a time.
  function next() {
    if (all.some(({ state }) => state === "sending")) return;
    const item = all.find(({ state }) => state === "queued");
    if (item) send(item);
  }

  function send(item) {
    const query = new URLSearchParams({ name: item.file.name, ...(item.ocr ? { ocr: item.ocr } : {}) });
    const call = new XMLHttpRequest();
    item.call = call;
    item.percent = 0;
    call.open("POST", `uploads?${query}`);
    call.upload.addEventListener("progress", ({ loaded, total }) => {
      item.percent = total ? Math.floor((100 * loaded) / total) : 0;
      item.changed();
    });
    call.addEventListener("load", () => { sent(item, call.status, parsed(call.responseText)); next(); });
    for (const end of ["error", "timeout"]) {
      call.addEventListener(end, () => { set(item, "failed"); next(); });
    }
    set(item, "sending");
    call.send(item.file);
  }

  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      return { error: "" };
    }
  }

  function sent(item, status, data) {
    item.call = null;
    if (item.gone) return;
    if (status === 202) {
      item.reply = data;
      set(item, "waiting");
      follow(item);
    } else if (status === 507) set(item, "full");
    else {
      item.reply = { error: data.error };
      set(item, status ? "refused" : "failed");
    }
  }

  // Asks how far the server is until something is for the reader to decide.
  async function follow(item) {
    for (let failed = 0; BUSY.includes(item.state) && !item.gone;) {
      await pause(PAUSE);
      const { status, data } = await request("GET", `uploads/${item.reply.id}`);
      if (item.gone) return;
      if (status === 200) {
        [failed, item.reply] = [0, data];
        set(item, data.state);
      } else if (status === 404 || (failed += 1) >= TRIES) set(item, "failed");
    }
    if (["added", "refused"].includes(item.state)) vacate();
  }

  function set(item, state) {
    const before = item.state;
    item.state = state;
    item.changed(before);
  }

  // Sends those again for which there was no room.
  function vacate() {
    for (const item of all) if (item.state === "full") set(item, "queued");
    next();
  }

  // Adds a file. `changed` is called with the state before whenever anything changes.
  function add(file, changed) {
    const item = { file, ocr: "", state: "queued", percent: 0, reply: {}, gone: false, call: null };
    item.changed = (before) => changed(item, before);
    all.push(item);
    return item;
  }

  // Refuses a file without sending it, with our own words.
  function refuse(item, words) {
    item.ours = words;
    set(item, "refused");
  }

  // Keeps an item with the facts that were corrected. Returns the error of the server, or null.
  async function keep(item, facts = {}, replace = false) {
    const { status, data } = await request("POST", `uploads/${item.reply.id}/keep`, { facts, replace });
    if (status === 202) {
      item.reply = { ...data, preview: item.reply.preview };
      set(item, "adding");
      follow(item);
      return null;
    }
    if (status === 404) set(item, "failed");
    return data;
  }

  // Sends a file once more, now with the languages in which its words are to be recognised.
  function again(item, ocr = item.ocr) {
    drop(item);
    Object.assign(item, { ocr, reply: {}, percent: 0 });
    set(item, "queued");
    next();
  }

  const drop = ({ reply }) => reply.id && request("DELETE", `uploads/${reply.id}`);

  // Takes an item off the page, in whatever state it is.
  async function discard(item) {
    item.gone = true;
    item.call?.abort();
    all.splice(all.indexOf(item), 1);
    await drop(item);
    vacate();
  }

  // What nobody can see any more gives its room on the server back.
  addEventListener("pagehide", (event) => {
    if (event.persisted) return;
    for (const { reply, state } of all) {
      if (reply.id && !["adding", "added"].includes(state)) {
        fetch(`uploads/${reply.id}`, { method: "DELETE", keepalive: true }).catch(() => {});
      }
    }
  });

  return { add, again, all, discard, keep, refuse, request, start: next };
})();
