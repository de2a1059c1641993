import { describe, expect, test } from "vitest";

import { isCode, suggestCode, suggestCopy } from "../src/lib/code";

describe("a code suggested from a name", () => {
  const cases: [name: string, code: string][] = [
    ["GAA Foireann!", "gaa_foireann"],
    ["Cumann Lúthchleas Gael", "cumann_luthchleas_gael"],
    ["Ó Sé & Ní Dhomhnaill", "o_se_ni_dhomhnaill"],
    ["  Róisín’s club  ", "roisins_club"],
    ["Svømmeforening Ærø", "svommeforening_aero"],
    ["U-12 girls (north)", "u-12_girls_north"],
    ["___", ""],
    ["", ""],
  ];
  test.each(cases)("%s gives %s", (name, code) => {
    expect(suggestCode(name), "fadas folded, everything else one underscore").toBe(code);
  });

  test("a long name is cut to a code that fits the pattern", () => {
    const code = suggestCode("Federation ".repeat(30));
    expect(code.length, "64 characters is the limit of the product").toBeLessThanOrEqual(64);
    expect(isCode(code), "a cut must not leave a separator at the end").toBe(true);
  });

  test("a copy of the longest code still fits", () => {
    expect(isCode(suggestCopy("a".repeat(64))), "the suffix replaces the end").toBe(true);
  });
});

describe("the pattern while typing", () => {
  const cases: [code: string, good: boolean][] = [
    ["gaa_foireann", true],
    ["7-a-side", true],
    ["GAA Foireann!", false],
    ["_gaa", false],
    ["a", false],
    ["a".repeat(64), true],
    ["a".repeat(65), false],
    ["gaa\u0000", false],
    ["gaa\n", false],
  ];
  test.each(cases)("%j", (code, good) => {
    expect(isCode(code), "the same rule as the product's own").toBe(good);
  });
});
