import { paraglideVitePlugin } from "@inlang/paraglide-js";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// The window's engines: WebKitGTK 2.40, WKWebView of macOS 13 and WebView2. `base: ./` because the files are
// served from inside the app. No inlined assets, so that the content security policy needs no `data:` for scripts.
export default defineConfig({
  base: "./",
  clearScreen: false,
  plugins: [
    // The tests use the messages that `npm run messages` has compiled; the plugin's watcher would keep them from ending.
    ...(process.env["VITEST"] === undefined
      ? [
          paraglideVitePlugin({
            project: "./project.inlang",
            outdir: "./src/paraglide",
            strategy: ["localStorage", "baseLocale"],
          }),
        ]
      : []),
    svelte(),
  ],
  server: { port: 5173, strictPort: true },
  build: {
    target: "safari16",
    outDir: "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
