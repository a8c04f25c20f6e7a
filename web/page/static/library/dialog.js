// A dialog with a heading, a body that scrolls, and buttons below it.
"use strict";
shutten.dialog = (() => {
  const { language, make, say } = shutten;
  let number = 0; // of the last dialog that was made

  function build(kind) {
    const id = `shutten-dialog-${number += 1}`;
    const dialog = make("dialog", `sheet ${kind}`, "", { "aria-labelledby": id });
    const heading = make("h2", "", "", { id });
    const body = make("div", "body", "");
    const buttons = make("div", "buttons", "");
    let opener = null; // what gets the focus back
    dialog.append(heading, body, buttons);
    dialog.lang = language;

    // Opens it. `back` gets the focus when it is closed.
    function open(title, back) {
      opener = back;
      heading.textContent = title;
      if (!dialog.isConnected) document.querySelector(".gradio-container").append(dialog);
      dialog.showModal();
      body.scrollTop = 0;
    }

    // What has the focus after the dialog, if it is no more what opened it.
    const giveBackTo = (element) => { opener = element; };

    const cancel = make("button", "", say("cancel"), { type: "button" });
    cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => {
      body.replaceChildren();
      if (opener?.isConnected) opener.focus();
    });
    return { body, buttons, cancel, close: () => dialog.close(), dialog, giveBackTo, open };
  }

  return build;
})();
