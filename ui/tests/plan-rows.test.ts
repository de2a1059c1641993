import { expect, test } from "vitest";

import type { PlanRowView } from "../src/bindings/types";
import { PAGE, PlanRows } from "../src/state/plan-rows.svelte";

const row = (number: number): PlanRowView => ({ number, kind: "create", member_id: null, member: {}, fields: [], confidence: null, problem: null, unmatched: null, warnings: [] });

/** A plan of `total` rows; notes where it was read from. */
function plan(total: number) {
  const asked: (string | null)[] = [];
  const read = (after: string | null, limit: number) => {
    asked.push(after);
    const from = after === null ? 0 : Number(after);
    const rows = Array.from({ length: Math.min(limit, total - from) }, (_, place) => row(from + place + 1));
    const next = from + rows.length;
    return Promise.resolve({ rows, next: next < total ? String(next) : null });
  };
  return { asked, read };
}

test("a page is read once, and the next one where the page before ended", async () => {
  const total = 2 * PAGE + 50;
  const { asked, read } = plan(total);
  const rows = new PlanRows(read, total);
  await rows.want(0, 20);
  await rows.want(5, 30);
  expect(asked, "one page is enough").toEqual([null]);
  await rows.want(PAGE - 5, PAGE + 5);
  expect(asked).toEqual([null, String(PAGE)]);
  expect(rows.at(PAGE)?.number, "rows are found by their place").toBe(PAGE + 1);
  expect(rows.all(), "the end is missing").toBeNull();
  await rows.want(total - 10, total);
  expect(rows.all()?.length, "all are here").toBe(total);
});

test("a far place is reached, and what is far from it is dropped and can be read again", async () => {
  const { asked, read } = plan(100 * PAGE);
  const rows = new PlanRows(read, 100 * PAGE);
  await rows.want(0, 20);
  await rows.want(99 * PAGE, 99 * PAGE + 20);
  expect(rows.at(99 * PAGE)?.number).toBe(99 * PAGE + 1);
  expect(rows.pages.size, "a long plan does not stay in the window").toBeLessThanOrEqual(4);
  expect(rows.at(0)).toBeUndefined();
  const before = asked.length;
  await rows.want(0, 20);
  expect(rows.at(0)?.number, "the beginning again").toBe(1);
  expect(asked.length - before, "without what is between").toBe(1);
});

test("where they are few, all of them are read and kept", async () => {
  const { read } = plan(10 * PAGE);
  const rows = new PlanRows(read, 10 * PAGE, true);
  await rows.want(0, 20);
  expect(rows.all()?.length, "so that they can be counted").toBe(10 * PAGE);
});

test("a number that is not known grows to what there is", async () => {
  const { read } = plan(PAGE + 3);
  const rows = new PlanRows(read, 0);
  await rows.want(0, 10);
  expect(rows.total, "more follow").toBe(PAGE + 1);
  await rows.want(PAGE, PAGE + 1);
  expect(rows.total).toBe(PAGE + 3);
});

test("a refusal is kept, and the next wish tries again", async () => {
  const { read } = plan(3);
  let broken = true;
  const rows = new PlanRows((after, limit) => (broken ? Promise.reject(new Error("no")) : read(after, limit)), 3);
  await rows.want(0, 3);
  expect(rows.failure).not.toBeNull();
  broken = false;
  await rows.want(0, 3);
  expect(rows.failure).toBeNull();
  expect(rows.at(0)?.number).toBe(1);
});
