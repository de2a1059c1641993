// Rules about the sources themselves: messages, tokens, the one file that talks to Tauri.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../src/", import.meta.url));

function sources(...endings: string[]): { path: string; text: string }[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => endings.some((ending) => path.endsWith(ending)) && !path.startsWith("paraglide") && !path.startsWith("bindings"))
    .map((path) => ({ path, text: readFileSync(root + path, "utf8") }));
}

const messages = JSON.parse(readFileSync(new URL("../messages/en.json", import.meta.url), "utf8")) as Record<string, unknown>;
const keys = Object.keys(messages).filter((key) => key !== "$schema");

test("every message is used and every used message exists", () => {
  const used = new Set(sources(".ts", ".svelte").flatMap(({ text }) => [...text.matchAll(/\bm\.([a-z0-9_]+)/g)].map((match) => match[1] ?? "")));
  expect(keys.filter((key) => !used.has(key)), "an unused message is translated for nothing").toEqual([]);
  expect([...used].filter((key) => !keys.includes(key)), "a missing message shows as its name").toEqual([]);
});

test("no text stands in the markup", () => {
  const found: string[] = [];
  for (const { path, text } of sources(".svelte")) {
    const markup = text.replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, "");
    for (const match of markup.matchAll(/(?:aria-label|title|placeholder|alt|data-tip)="([^"{]*[a-z]{2}[^"{]*)"/g)) found.push(`${path}: ${match[1]}`);
    const bare = markup.replace(/\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}/g, "").replace(/=>/g, "");
    for (const match of bare.matchAll(/>([^<>]*[A-Za-z]{3}[^<>]*)</g)) if (!/[=;"]/.test(match[1] ?? "")) found.push(`${path}: ${(match[1] ?? "").trim()}`);
  }
  expect(found, "every text is a message").toEqual([]);
});

test("colours and sizes stand in tokens.css only", () => {
  const found: string[] = [];
  for (const { path, text } of sources(".css", ".svelte")) {
    if (path.endsWith("tokens.css")) continue;
    const style = path.endsWith(".css") ? text : [...text.matchAll(/<style>([\s\S]*?)<\/style>/g)].map((match) => match[1]).join("\n");
    for (const line of style.replace(/\/\*[\s\S]*?\*\//g, "").split("\n")) {
      if (/^\s*@media/.test(line)) continue;
      if (/#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(|\b\d*\.?\d+(px|rem|em|pt|vw|ch)\b/i.test(line.replace(/\b100v[wh]\b/g, ""))) found.push(`${path}: ${line.trim()}`);
    }
  }
  expect(found, "a value outside the four sets of tokens breaks dark and high contrast").toEqual([]);
});

test("every token that is used exists", () => {
  const tokens = readFileSync(`${root}styles/tokens.css`, "utf8");
  const defined = new Set([...tokens.matchAll(/(--[a-z0-9-]+):/g)].map((match) => match[1]));
  const found = sources(".css", ".svelte").flatMap(({ path, text }) =>
    [...text.matchAll(/var\((--[a-z0-9-]+)/g)].filter((match) => !defined.has(match[1])).map((match) => `${path}: ${match[1]}`),
  );
  expect(found, "an unknown token is silently nothing").toEqual([]);
});

test("copies of one set of colours are equal", () => {
  const tokens = readFileSync(`${root}styles/tokens.css`, "utf8");
  const sets = [...tokens.matchAll(/--canvas: #[0-9a-f]{6};[\s\S]*?--idle-soft: #[0-9a-f]{6};/g)].map((match) => match[0].replace(/\s+/g, " "));
  expect(sets.length, "light, dark twice, white twice, black four times").toBe(9);
  expect(new Set(sets).size, "light, dark, and high contrast on white and on black").toBe(4);
});

test("only ipc.ts talks to Tauri", () => {
  const found = sources(".ts", ".svelte").filter(({ path, text }) => path !== "ipc.ts" && text.includes("@tauri-apps")).map(({ path }) => path);
  expect(found, "one file to look at for what crosses the border").toEqual([]);
});

test("nothing the content security policy forbids", () => {
  const found = sources(".svelte", ".ts").filter(({ text }) => /\sstyle="|\{@html|\beval\(|new Function\(|https?:\/\/(?!\*|127|localhost|\(|api\.|\$)[a-z]/.test(text) && true).map(({ path }) => path);
  expect(found.filter((path) => !path.startsWith("dev/")), "no inline style, no raw HTML, no external address").toEqual([]);
});

test("the version is the workspace's", () => {
  const own = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string; dependencies: Record<string, string>; devDependencies: Record<string, string> };
  const workspace = /\[workspace\.package\][\s\S]*?\nversion = "([^"]+)"/.exec(readFileSync(new URL("../../Cargo.toml", import.meta.url), "utf8"))?.[1];
  expect(own.version, "one version for all parts").toBe(workspace);
  for (const [name, version] of Object.entries({ ...own.dependencies, ...own.devDependencies })) expect(version, `${name} is pinned exactly`).toMatch(/^\d+\.\d+\.\d+$/);
});
