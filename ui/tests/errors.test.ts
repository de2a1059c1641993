import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

import { ACTIONS, CODES, FINDINGS, LOCKS, ruleText, RULES, tell } from "../src/errors";
import { AppError } from "../src/ipc";

const wire = readFileSync(new URL("../src/bindings/types.ts", import.meta.url), "utf8");

/** The words of a closed set, read from the generated wire types. */
function wordsOf(type: string): string[] {
  const line = new RegExp(`export type ${type} = ([^;]+);`).exec(wire)?.[1] ?? "";
  return [...line.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "");
}

describe("every word of the wire has its sentences", () => {
  const sets: [type: string, table: Record<string, unknown>][] = [
    ["Code", CODES],
    ["Finding", FINDINGS],
    ["LockReason", LOCKS],
    ["FieldRule", RULES],
  ];
  test.each(sets)("%s", (type, table) => {
    expect(wordsOf(type).length, "the type was found").toBeGreaterThan(5);
    expect(Object.keys(table).sort(), "no word without a sentence, no sentence without a word").toEqual(wordsOf(type).sort());
  });

  test("every class of failure is a code, so that it has its sentences too", () => {
    const classes = wordsOf("FailureClass");
    expect(classes.length, "the type was found").toBeGreaterThan(5);
    expect(classes.filter((one) => !(one in CODES)), "a class without a sentence").toEqual([]);
  });

  test("no sentence is empty, excited or begging", () => {
    const where = { system: "Hello Club", host: "api.helloclub.com" };
    const all = [
      ...Object.values(CODES).flatMap((entry) => [entry.title(), entry.meaning(), entry.next()]),
      ...Object.values(FINDINGS).flatMap((entry) => [entry.title(where), entry.fix(where)]),
      ...Object.values(LOCKS).flatMap((entry) => [entry.title(), entry.text(), entry.state()]),
      ...Object.values(RULES).map((text) => text()),
      ...Object.values(ACTIONS).map((text) => text()),
    ];
    for (const text of all) {
      expect(text.length, "a key without a text shows as its name").toBeGreaterThan(3);
      expect(text, "no exclamation marks, no please, no oops").not.toMatch(/!|please|oops/i);
      expect(text, "a placeholder was left").not.toMatch(/[{}]/);
    }
  });

  test("findings read differently from one another (A08)", () => {
    const where = { system: "S", host: "h" };
    const titles = Object.values(FINDINGS).map((entry) => entry.title(where));
    expect(new Set(titles).size, "two findings with one title cannot be told apart").toBe(titles.length);
  });
});

test("a refusal that is no ErrorView is told as our own mistake", () => {
  expect(tell(new Error("boom")).code, "nothing else is known").toBe("internal");
});

test("a refusal of the product is told with its own code", () => {
  const told = tell(new AppError({ code: "last_slot", message: "the only way in" }));
  expect([told.code, told.action], "the action fits the code").toEqual(["last_slot", "add_way_in"]);
});

test("the pattern of a code is spelt out", () => {
  expect(ruleText({ field: "code", rule: "pattern", message: "" }), "a person must know what is allowed").toMatch(/2 to 64/);
  expect(ruleText({ field: "auth.header", rule: "pattern", message: "" }), "other patterns have their own sentence").not.toMatch(/2 to 64/);
});

test("a sign-in is asked for where the federation asks for one", () => {
  expect(CODES.needs_sign_in.action, "new credentials would not help").toBe("sign_in");
});

test("the finding of a refusal is told with it", () => {
  const told = tell(new AppError({ code: "needs_sign_in", message: "declined", detail: { kind: "finding", finding: "sign_in_declined", status: null } }));
  expect(told.finding, "the panel says the finding's own sentence").toBe("sign_in_declined");
});

test("patterns of a sign-in are told in a sentence", () => {
  const sentences = ["auth.scopes.1", "auth.redirect_path", "auth.two_step.content_type", "auth.header"].map((field) => ruleText({ field, rule: "pattern", message: "" }));
  expect(new Set(sentences).size, "each field has its own").toBe(4);
  expect(ruleText({ field: "auth.extra_parameters.state", rule: "not_for_kind", message: "" }), "the reason is another one than a wrong kind").toMatch(/itself/);
});
