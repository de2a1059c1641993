import { expect, test } from "vitest";

import type { AttentionView, RoleView } from "../src/bindings/types";
import { attention } from "../src/lib/home";
import { insteadOf, seesEverything, seesMembers } from "../src/lib/sight";

const THING: AttentionView = {
  kind: "connector", state: "action_needed", code: "badminton", name: "Badminton", org: null, club: null, since: null, class: "bad_credentials", finding: "unauthorised", clubs: 2, lists_from: null,
  plan_id: null, guard: null, members_before: null, members_now: null, conflicts: null, missed: null, expires_at: null, action: "replace_key",
};
const HELD: AttentionView = { ...THING, kind: "guard", state: "held", org: "tullybeg", club: "Tullybeg", plan_id: "p", guard: "empty_list", action: "review_plan" };

test("the support view shows no members, and one club is not everything", () => {
  const all: RoleView[] = ["all", "support", "my_club"];
  expect(all.map(seesMembers), "only the support view hides members").toEqual([true, false, true]);
  expect(all.map(seesEverything), "what concerns all clubs is of the whole view").toEqual([true, false, false]);
});

test("where the support view would be refused, something it may see is opened instead", () => {
  for (const [item, instead] of [
    [THING, null],
    [HELD, "run"],
    [{ ...HELD, plan_id: null }, "connector"],
    [{ ...HELD, kind: "undone", action: "retry" }, "run"],
    [{ ...THING, kind: "missed_runs", org: "tullybeg", action: "retry" }, "connector"],
    [{ ...THING, kind: "club_failing", org: "tullybeg", action: "retry" }, "connector"],
    [{ ...THING, action: "retry" }, null],
  ] as [AttentionView, "run" | "connector" | null][]) {
    expect(insteadOf(item, "support"), `${item.kind} ${item.action}`).toBe(instead);
    expect(insteadOf(item, "my_club"), "one club shows its members").toBeNull();
  }
});

test("its button says what it opens", () => {
  expect(attention(HELD, 0).button, "everybody else reviews").toBe("Review changes");
  expect(attention(HELD, 0, "support").button, "the run has its numbers").toBe("Open run");
  expect(attention({ ...HELD, plan_id: null }, 0, "support").button, "without a run, its connector").toBe("Open connector");
});
