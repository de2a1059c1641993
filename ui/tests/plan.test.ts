import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import type { PlanRowView } from "../src/bindings/types";
import { changesOf, GUARDS, guardText, isProposal, nameOf, REASONS, summary, trouble, UNMATCHED, why } from "../src/lib/plan";
import { FIELDS } from "../src/lib/member-fields";

const plain: PlanRowView = { number: 1, kind: "update", member_id: null, member: {}, fields: [], confidence: null, problem: null, unmatched: null, warnings: [] };
const system = { system: "Football" };

/** The words that a closed set of the product has on the wire, where they travel as plain text. */
function words(file: string, set: string): string[] {
  const source = readFileSync(new URL(`../../crates/connectors/src/sync/${file}`, import.meta.url), "utf8");
  const own = source.slice(source.indexOf(`impl ${set} {`));
  const body = own.slice(0, own.indexOf("\n}\n"));
  return [...body.matchAll(/Self::\w+ => "([a-z_]+)"/g)].map((match) => match[1] ?? "");
}

test("every word that travels as text has its sentence", () => {
  expect(Object.keys(REASONS).sort(), "why a field becomes what it becomes").toEqual(words("outcome.rs", "FieldReason").sort());
  expect(Object.keys(UNMATCHED).sort(), "why it cannot be told who it is").toEqual(words("matching.rs", "MatchProblem").sort());
  expect(Object.keys(GUARDS).sort(), "what holds a plan").toEqual(words("guard.rs", "GuardName").sort());
});

test("a guard that is not known holds all the same, and says so", () => {
  expect(guardText("of_a_later_version", 3).title).toContain("Held");
  expect(guardText("too_many_leavers", 1149).title, "with the number").toContain("1,149");
});

test("a member is called by its name, else by what there is", () => {
  expect(nameOf({ ...plain, member: { first_name: "Seán", last_name: "Ó Sé", external_id: "1" } })).toBe("Seán Ó Sé");
  expect(nameOf({ ...plain, member: { first_name: "Seán" } }), "the family name is missing").toBe("Seán");
  expect(nameOf({ ...plain, member: { external_id: "SW-1" } })).toBe("SW-1");
  expect(nameOf(plain)).toBe("Without a name");
});

test("a row says in its second line what it is about", () => {
  const field = (name: "phone" | "town", reason: string, club: string | null, becomes: string | null) => ({ field: name, reason, base: null, club, federation: becomes, becomes });
  const fields = [field("phone", "conflict", "1", "1"), field("town", "federation_changed", "a", "b")];
  expect(summary({ ...plain, fields }, system), "what the club sees change").toBe(FIELDS.town());
  expect(summary({ ...plain, kind: "conflict", fields }, system), "what has to be decided").toBe(FIELDS.phone());
  expect(summary(plain, system), "a returner changes no value").toBe("Found in the list");
  expect(why({ ...field("phone", "of_a_later_version", null, null) }, system), "an unknown word is shown as it is").toBe("of_a_later_version");
});

test("a record that cannot be taken over says what is wrong and what to do", () => {
  const missing = trouble({ ...plain, kind: "problem", problem: { field: "last_name", kind: "missing" } }, system);
  expect(missing.title).toBe("Family name is missing.");
  expect(missing.mend, "where it can be mended").toContain("Football");
  expect(trouble({ ...plain, kind: "problem", unmatched: "duplicate_id" }, system).title).toBe("Several records have this id.");
});

test("members in conflict are not counted as changes", () => {
  expect(changesOf({ creates: 9, updates: 27, unchanged: 228, conflicts: 6, leavers: 6, problems: 2 })).toBe(42);
});

test("a person is asked whose a record is where the product proposes members, and may answer again what was left", () => {
  const source = readFileSync(new URL("../../crates/connectors/src/sync/matching.rs", import.meta.url), "utf8");
  const proposals = source.slice(source.indexOf("fn is_proposal"), source.indexOf("/// What was found out"));
  for (const word of words("matching.rs", "MatchProblem")) {
    const variant = word.split("_").map((part) => part.slice(0, 1).toUpperCase() + part.slice(1)).join("");
    const problem: PlanRowView = { ...plain, kind: "problem", unmatched: word };
    expect(isProposal(problem), word).toBe(proposals.includes(`Self::${variant}`));
  }
  const left: PlanRowView = { ...plain, kind: "unchanged", unmatched: "other_id", passed_over: "left_alone" };
  expect(isProposal(left), "what was left can be answered").toBe(true);
  expect(isProposal({ ...left, passed_over: "second_record" }), "a second record was answered").toBe(false);
});
