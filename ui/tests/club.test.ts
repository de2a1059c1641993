import { expect, test } from "vitest";

import type { ClubState, HealthState } from "../src/bindings/types";
import { byItself, clubSign, linesAgain, suggestOwnId } from "../src/lib/club";

test("a club's own trouble stands before its connector's, and both before how it stands", () => {
  const word = (state: ClubState, connector_state: HealthState) => clubSign({ state, connector_state }).word();
  expect(word("failing", "paused"), "its own trouble").toBe("Action needed");
  expect(word("never_synced", "paused"), "its connector's").toBe("Paused");
  expect(word("synced", "offline"), "its connector's, though it was synced").toBe("You are offline");
  expect(word("never_synced", "healthy"), "nothing has come yet").toBe("Never synced");
  expect(word("never_synced", "not_tested"), "an untested connector is nothing against it").toBe("Never synced");
  expect(word("synced", "healthy"), "all is well").toBe("Healthy");
  expect(word("disconnected", "action_needed"), "what is over has no trouble").toBe("Disconnected");
});

test("what became of a schedule stands before when it runs next", () => {
  const now = Date.UTC(2026, 10, 25, 12);
  const hour = 3_600_000;
  const words = (part: object) => byItself({ schedule: { by_file: false, next_at: null, retry_at: null, gave_up_at: null, question: null, waits: null, ...part } }, now);
  expect(byItself({ schedule: null }, now), "outside a list nothing is known").toBe("");
  expect(words({ by_file: true }), "nothing comes by itself").toBe("From files");
  expect(words({}), "it does not run by itself").toBe("");
  expect(words({ next_at: now + hour }), "its next run").toMatch(/^Next today/);
  expect(words({ next_at: now + hour, gave_up_at: now - hour }), "nobody would look otherwise").toMatch(/^Gave up today .*three retries$/);
  expect(words({ next_at: now + hour, retry_at: now + hour, gave_up_at: now }), "what comes first").toMatch(/^Failed; tried again/);
});

test("an id is suggested as people would write it", () => {
  for (const [name, id] of [
    ["Baile Uí Dhuibh", "baile-ui-dhuibh"],
    ["  St. Mary's (U-12) ", "st-mary-s-u-12"],
    ["Ø", ""],
    ["", ""],
  ] as const) expect(suggestOwnId(name), `for ${JSON.stringify(name)}`).toBe(id);
});

test("refused lines come back as a list that reads the same", () => {
  const line = { line: 3, org: "a", name: 'Club "A", Cork', federation_org: "1", outcome: "refused" as const, fields: [] };
  expect(linesAgain([line]), "the name keeps its comma and its marks").toBe('org,name,federation_org\na,"Club ""A"", Cork",1');
});
