// The browser's first language decides, unless another was chosen; Gradio looks there too.
const chosen = localStorage.getItem("shutten-language");
if (chosen) {
  Object.defineProperty(navigator, "language", { get: () => chosen });
  Object.defineProperty(navigator, "languages", { get: () => [chosen] });
}
