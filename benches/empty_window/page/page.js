// Lays the page out and says so, as the app's `main.ts` does: a hidden window is given no animation frame.
document.body.getBoundingClientRect();
void window.__TAURI_INTERNALS__.invoke("window_ready").catch(() => undefined);
