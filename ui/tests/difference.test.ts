import { expect, test } from "vitest";

import { differing } from "../src/lib/difference";

const marked = (before: string | null, after: string) => differing(before, after).map((part) => (part.changed ? `[${part.text}]` : part.text)).join("");

test("changed characters are marked, the others are not", () => {
  expect(marked("087 555 0142", "087 555 0199"), "digits at the end").toBe("087 555 01[99]");
  expect(marked("Clonmoyle Road", "12 Clonmoyle Road"), "what was added in front").toBe("[12 ]Clonmoyle Road");
  expect(marked("Ó Sé", "Ó Sé"), "nothing differs").toBe("Ó Sé");
  expect(marked("O Se", "Ó Sé").includes("["), "a fada is a change").toBe(true);
});

test("a value that is another one is marked as a whole", () => {
  expect(marked("Rathbrack", "Cill Dubhán"), "letters in common by chance say nothing").toBe("[Cill Dubhán]");
  expect(marked(null, "new@example.ie"), "there was none").toBe("[new@example.ie]");
  expect(differing("x", ""), "nothing to mark").toEqual([]);
  expect(marked("a".repeat(300), `${"a".repeat(300)}b`), "a long text is not taken apart").toBe(`[${"a".repeat(300)}b]`);
});

test("the same letter written in two ways is the same", () => {
  expect(marked("Se\u0301amus", "Séamas"), "composed and decomposed").toBe("Séam[a]s");
});
