import { describe, expect, it } from "vitest";

import type { FieldError } from "../src/bindings/types";
import { freeId, inOrder, lineOf, mistakeText, moved, placeOf, STEPS, stepsFor, stepText, without } from "../src/lib/template";

const mistake = (field: string, rule: FieldError["rule"], message = "said"): FieldError => ({ field, rule, message });

describe("lists that buttons change", () => {
  it.each([
    [0, 1, "bac"],
    [2, -1, "acb"],
    [0, -1, "abc"],
    [2, 1, "abc"],
    [5, -1, "abc"],
  ] as const)("moves %i by %i", (from, by, expected) => {
    expect(moved(["a", "b", "c"], from, by).join("")).toBe(expected);
  });

  it("takes one entry out and no other", () => {
    expect(without(["a", "b", "a"], 0)).toEqual(["b", "a"]);
  });
});

describe("identifiers of copies", () => {
  it("are free, and such that the program takes them", () => {
    expect(freeId("foireann_members", [])).toBe("own_foireann_members");
    expect(freeId("x", ["own_x", "own_x_2"])).toBe("own_x_3");
    expect(freeId("x".repeat(80), [])).toMatch(/^[a-z0-9_]{1,64}$/);
  });
});

describe("mistakes", () => {
  it.each([
    ["fields.email.transforms", "fields.email"],
    ["fields.email", "fields.email"],
    ["fields", "fields"],
    ["status_words[2]", "status_words"],
    ["lookups.grades[0]", "lookups"],
    ["id", "id"],
  ])("%s belongs to %s", (field, place) => {
    expect(placeOf(mistake(field, "required"))).toBe(place);
  });

  it("are told in the window's words, or in the parser's where there are no others", () => {
    expect(mistakeText(mistake("fields.email", "required"))).toMatch(/path/);
    expect(mistakeText(mistake("fields.email.transforms", "unknown"))).toMatch(/table/);
    expect(mistakeText(mistake("fields.email.shoe", "unknown", "line 7: unknown field `shoe`"))).toBe("unknown field `shoe`");
    expect(mistakeText(mistake("name", "required"))).not.toBe("said");
  });

  it("come in the order of the screen", () => {
    const mixed = [mistake("fields.email", "required"), mistake("lookups.x", "required"), mistake("id", "pattern"), mistake("fields.phone.from", "required"), mistake("name", "required")];
    expect(inOrder(mixed).map((one) => one.field)).toEqual(["name", "id", "fields.email", "fields.phone.from", "lookups.x"]);
  });

  it("name their line", () => {
    expect(lineOf(mistake("id", "pattern", "line 12: no"))).toBe(12);
    expect(lineOf(mistake("id", "pattern", "no line"))).toBeNull();
  });
});

describe("steps", () => {
  it("split only where the program lets them", () => {
    expect(stepsFor("email")).not.toContain("split_name");
    expect(stepsFor("full_name")).toContain("split_name");
    expect(stepsFor("full_name")).not.toContain("split_address");
    expect(stepsFor("address_line_1")).toContain("split_address");
  });

  it("say which table they ask", () => {
    expect(stepText({ lookup: "grades" })).toContain("grades");
    expect(stepText("trim")).toBe(STEPS.trim.name());
  });
});
