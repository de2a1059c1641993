// Says that the page has painted, in the words of the app's `main.ts`.
let told = false;
function ready() {
  if (told) return;
  told = true;
  void window.__TAURI_INTERNALS__.invoke("window_ready").catch(() => undefined);
}
requestAnimationFrame(ready);
setTimeout(ready, 60);
