// Mounts the window. The theme was set before this by `theme.js` in the head.

import { mount, tick } from "svelte";

import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";

import App from "./App.svelte";
import { app } from "./ipc";
import { getLocale } from "./paraglide/runtime.js";
import { loadScreens } from "./state/later.svelte";

document.documentElement.lang = getLocale();

// The window is created hidden and shown with its first screen, so that nobody sees it empty or changing. A
// hidden window is given no animation frame, so laying the page out is all that can be done before; it paints
// as it appears. A status that is slow to come is waited for as long as the screen for that would stay blank.
let told = false;
function ready(): void {
  if (told) return;
  told = true;
  void tick().then(() => {
    document.body.getBoundingClientRect();
    void app.windowReady().catch(() => undefined);
    // Frames come once the window is on the screen: the second begins when the first is painted.
    requestAnimationFrame(() => requestAnimationFrame(() => void loadScreens()));
  });
}

const target = document.getElementById("app");
if (target) mount(App, { target, props: { onfirst: ready } });
setTimeout(ready, 300); // --opening-delay of tokens.css
