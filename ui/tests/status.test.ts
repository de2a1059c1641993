import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { AUTH, EVENTS, STATES } from "../src/lib/status";
import { BODIES, CLIENT_PROOFS, GRANTS, REDIRECTS } from "../src/lib/words";
import { ICONS } from "../src/parts/icons";

const wire = readFileSync(new URL("../src/bindings/types.ts", import.meta.url), "utf8");

function wordsOf(type: string): string[] {
  const line = new RegExp(`export type ${type} = ([^;]+);`).exec(wire)?.[1] ?? "";
  return [...line.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "");
}

const sets: [type: string, table: Record<string, unknown>][] = [
  ["HealthState", STATES],
  ["EventKind", EVENTS],
  ["AuthKind", AUTH],
  ["Grant", GRANTS],
  ["Redirect", REDIRECTS],
  ["ClientAuthentication", CLIENT_PROOFS],
  ["BodyFormat", BODIES],
];
test.each(sets)("every word of %s has its text", (type, table) => {
  expect(wordsOf(type).length, "the type was found").toBeGreaterThan(1);
  expect(Object.keys(table).sort(), "no word without a text").toEqual(wordsOf(type).sort());
});

test("a status is a word, an icon and a tone", () => {
  for (const sign of [...Object.values(STATES), ...Object.values(EVENTS)]) {
    expect(sign.word().length, "a word").toBeGreaterThan(3);
    expect(sign.icon in ICONS, "an icon of the family").toBe(true);
  }
  expect(STATES.waiting_for_browser, "the person has to look, in the browser").toMatchObject({ icon: "window", tone: "warn" });
  const shapes = Object.values(STATES).map((sign) => sign.icon);
  expect(new Set(shapes).size, "two states with one icon differ by colour alone").toBe(shapes.length);
});
