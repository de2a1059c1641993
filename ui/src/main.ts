// Mounts the window. The theme was set before this by `theme.js` in the head.

import { mount, tick } from "svelte";

import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";

import App from "./App.svelte";
import { app } from "./ipc";
import { getLocale } from "./paraglide/runtime.js";

document.documentElement.lang = getLocale();
const target = document.getElementById("app");
if (target) mount(App, { target });

// The window is created hidden and shown after the first paint, so that nobody sees it empty. A hidden
// window may be given no animation frame at all; then a moment after mounting has to do.
let told = false;
function ready(): void {
  if (told) return;
  told = true;
  void app.windowReady().catch(() => undefined);
}
void tick().then(() => {
  requestAnimationFrame(ready);
  setTimeout(ready, 60);
});
