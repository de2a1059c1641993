import { describe, expect, it } from "vitest";

import type { AuditEntryView, AuditVerifyView } from "../src/bindings/types";
import { details, found, sentence, whoActed } from "../src/lib/audit";

const ENTRY: AuditEntryView = {
  number: 1,
  at: 0,
  who: "window",
  area: "syncs",
  what: "sync_applied",
  code: "football",
  connector_name: "Football",
  org: "st-brigids",
  club_name: "St Brigid’s",
  run_id: null,
  about_member: false,
  erased: false,
  fields: [],
  words: [],
  counts: {},
};

const CHECK: AuditVerifyView = { ok: true, entries: 12, first_at: 0, last_at: 0, problem: null, anchor: "there", anchored: 12, anchored_at: 0 };

describe("an entry", () => {
  it("is a sentence with its numbers in one order", () => {
    const entry = { ...ENTRY, counts: { updates: 3, creates: 12 } };
    expect(`${sentence(entry)}: ${details(entry).join(", ")}`, "as people say it").toBe("Applied a sync to St Brigid’s: 12 new, 3 changed");
  });

  it("names fields in words and settings by their keys", () => {
    expect(details({ ...ENTRY, fields: ["phone", "endpoints.base"] }), "a member's field has a name").toEqual(["Phone", "endpoints.base"]);
  });

  it("says that a file was applied, and once that guards held it", () => {
    expect(sentence({ ...ENTRY, words: ["import"] }), "not a sync").toBe("Applied a file to St Brigid’s");
    expect(details({ ...ENTRY, words: ["import", "empty_list", "page_anomaly"] }), "once").toEqual(["although a guard held it"]);
  });

  it("says what did not come about", () => {
    const entry: AuditEntryView = { ...ENTRY, area: "file", what: "not_done", words: ["key_rotated"] };
    expect(details(entry), "in the words of the act").toEqual(["Made a new key for credentials"]);
  });

  it("is readable where somebody has changed its words", () => {
    const entry: AuditEntryView = { ...ENTRY, what: null, who: null, words: ["x_y"], counts: { unheard: 2 } };
    expect([sentence(entry), whoActed(entry), ...details(entry)], "nothing breaks").toEqual([
      "Something that this version does not enter. Check the log.",
      "Not known",
      "unheard 2",
      "x_y",
    ]);
  });

  it("is nobody's where the member was erased", () => {
    expect(details({ ...ENTRY, what: "member_edited", fields: ["town"], erased: true }).at(-1), "said, not named").toBe("the member was erased since");
  });
});

describe("a check", () => {
  it("is calm where the log is whole, and careful where its end is not known", () => {
    expect(found(CHECK).tone, "whole").toBe("ok");
    expect(found({ ...CHECK, anchor: "missing" }).tone, "whole, as far as can be told").toBe("warn");
  });

  it("says where it is broken", () => {
    const broken = found({ ...CHECK, ok: false, problem: { kind: "gap", entry: 4, found: 6 } });
    expect(broken.tone, "somebody must look").toBe("bad");
    expect(broken.title, "the place").toBe("Entry 4 is missing.");
    expect(broken.text, "and what to do").toContain("Keep a copy");
  });
});
