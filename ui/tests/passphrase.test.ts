import { expect, test } from "vitest";

import { strengthOf, type Strength } from "../src/lib/passphrase";

const cases: [passphrase: string, strength: Strength][] = [
  ["", "short"],
  ["elevenchars", "short"],
  ["twelve chars", "enough"],
  ["aaaaaaaaaaaaaaaa", "repeats"],
  ["abababababab", "repeats"],
  ["correct horse battery staple", "good"],
  ["kq7-Wm2x9.Lr4Zb8pT5v", "good"],
  ["ééééééé", "short"],
];
test.each(cases)("%j is %s", (passphrase, strength) => {
  expect(strengthOf(passphrase), "said in words, by length and evenness").toBe(strength);
});
