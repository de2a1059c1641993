import { expect, test } from "vitest";

import { movedTab } from "../src/lib/tabs";

test("arrows go round and round, Home and End to the ends", () => {
  expect(movedTab("ArrowRight", 5, 6), "from the last to the first").toBe(0);
  expect(movedTab("ArrowLeft", 0, 6), "from the first to the last").toBe(5);
  expect(movedTab("Home", 3, 6)).toBe(0);
  expect(movedTab("End", 3, 6)).toBe(5);
  expect(movedTab("a", 3, 6), "another key moves nothing").toBeNull();
  expect(movedTab("Home", 0, 0), "there are none").toBeNull();
});
