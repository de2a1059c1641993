import { describe, expect, test } from "vitest";

import type { ConnectorView, PresetView } from "../src/bindings/types";
import {
  credentialsOf, EMPTY_SETTINGS, fingerprint, formFrom, formFromConnector, formFromPreset, headerRow, isLoopbackHttp,
  needsOrganisation, rename, settingsOf, shownFields, type ConnectorForm, type FormKind, type KeyPlace,
} from "../src/lib/form";

function typed(): ConnectorForm {
  const form = formFrom(EMPTY_SETTINGS, false);
  form.base = "https://api.example.org";
  form.apiKey = "key-1";
  form.secondKey = "key-2";
  form.username = "secretary";
  form.password = "pass word";
  form.headers = [headerRow("X-Club", false, "17"), headerRow("X-Secret", true, "hush")];
  return form;
}

describe("switching the kind of sign-in", () => {
  const cases: [kind: FormKind, place: KeyPlace, shown: string[]][] = [
    ["api_key", "header", ["header", "apiKey", "secondKey"]],
    ["api_key", "prefix", ["header", "prefix", "apiKey", "secondKey"]],
    ["api_key", "query", ["query", "apiKey", "secondKey"]],
    ["api_key", "headers", ["headers"]],
    ["basic", "header", ["username", "password"]],
    ["none", "header", []],
  ];
  test.each(cases)("%s in %s shows exactly its fields (A04)", (kind, place, shown) => {
    const form = { ...typed(), kind, place };
    expect(shownFields(form), "fields of other kinds would be typed for nothing").toEqual(shown);
  });

  test("what was typed is there when switching back (A04)", () => {
    const form = typed();
    const before = fingerprint(form);
    for (const [kind, place] of cases) {
      form.kind = kind;
      form.place = place;
      settingsOf(form);
      credentialsOf(form);
    }
    form.kind = "api_key";
    form.place = "header";
    expect(fingerprint(form), "assembling settings must not change the form").toBe(before);
  });
});

describe("settings and credentials of each kind", () => {
  test("a key in a header", () => {
    const form = typed();
    expect(settingsOf(form).auth, "only the header belongs to it").toEqual({ kind: "api_key", header: "X-API-Key", headers: [], scopes: [], extra_parameters: {} });
    expect(credentialsOf(form), "both keys and no header secrets").toEqual({ type: "api_key", api_key: "key-1", secondary_api_key: "key-2", secrets: {} });
  });

  test("a key after a word in a header (A06)", () => {
    const form = { ...typed(), place: "prefix" as const, header: "Authorization", prefix: "API-Key" };
    expect(settingsOf(form).auth, "the word travels with the header").toEqual({ kind: "api_key", header: "Authorization", prefix: "API-Key", headers: [], scopes: [], extra_parameters: {} });
  });

  test("a key in the address", () => {
    const form = { ...typed(), place: "query" as const, query: "api_key" };
    expect(settingsOf(form).auth, "no header may stay beside a query").toEqual({ kind: "api_key", query: "api_key", headers: [], scopes: [], extra_parameters: {} });
  });

  test("several headers", () => {
    const form = { ...typed(), place: "headers" as const };
    expect(settingsOf(form).auth.headers, "a secret's value is never part of the settings").toEqual([
      { name: "X-Club", secret: false, value: "17" },
      { name: "X-Secret", secret: true },
    ]);
    expect(credentialsOf(form), "only secret headers are credentials").toEqual({ type: "api_key", secrets: { "X-Secret": "hush" } });
  });

  test("user name and password", () => {
    const form = { ...typed(), kind: "basic" as const, expiresOn: "2027-03-03" };
    expect(settingsOf(form).auth, "no key setting may stay beside Basic").toEqual({ kind: "basic", headers: [], scopes: [], extra_parameters: {} });
    expect(credentialsOf(form), "spaces inside a password count").toEqual({ type: "basic", username: "secretary", password: "pass word", expires_on: "2027-03-03" });
  });

  test("no sign-in sends no credentials", () => {
    const form = { ...typed(), kind: "none" as const };
    expect(credentialsOf(form), "typed keys of another kind stay here").toBeUndefined();
  });

  test("no settings hold a secret", () => {
    for (const kind of ["api_key", "basic", "none"] as const) {
      for (const place of ["header", "prefix", "query", "headers"] as const) {
        const text = JSON.stringify(settingsOf({ ...typed(), kind, place }));
        for (const secret of ["key-1", "key-2", "pass word", "hush"]) expect(text, "settings are exported in clear").not.toContain(secret);
      }
    }
  });

  test("a number that is none is left to the product's own check", () => {
    const form = { ...typed(), requestsPerMinute: "many" };
    expect(settingsOf(form).limits.requests_per_minute, "0 is outside the range and refused beside the field").toBe(0);
  });

  test("empty optional addresses are absent, not empty", () => {
    expect(settingsOf(typed()).endpoints, "an empty verify path means the membership list").toEqual({ base: "https://api.example.org", membership_list: "" });
  });
});

describe("editing", () => {
  const view = {
    settings: { ...EMPTY_SETTINGS, code: "gaa_foireann", name: "Gaelic games", sync: { enabled: true, schedule: "0 2 * * *", conflict_strategy: "merge" } },
    credentials: { set: true, kind: "api_key", stored_at: 1, expires_on: null, tested: true, previous_kept: false, secondary_set: false, secret_headers: [], webhook_secret_set: false },
  } as unknown as ConnectorView;

  test("untouched secrets are kept (A07)", () => {
    expect(credentialsOf(formFromConnector(view)), "absent keeps the stored ones").toBeUndefined();
  });

  test("settings that the form does not show travel through", () => {
    expect(settingsOf(formFromConnector(view)).sync, "an edit must not switch a schedule off").toEqual(view.settings.sync);
  });

  test("the code does not follow the name", () => {
    const form = formFromConnector(view);
    rename(form, "Another name");
    expect(form.code, "the code is what files and scripts know").toBe("gaa_foireann");
  });
});

describe("the code follows the name", () => {
  test("until it is typed by hand", () => {
    const form = formFrom(EMPTY_SETTINGS, false);
    rename(form, "GAA Foireann!");
    expect(form.code, "suggested").toBe("gaa_foireann");
    form.code = "gaa";
    form.codeByHand = true;
    rename(form, "Other");
    expect(form.code, "typed by hand").toBe("gaa");
  });

  test("a preset keeps a name and a code that were typed", () => {
    const preset = { id: "p", name: "P", base_fixed: true, variables: [{ name: "tenant", label: "", help: "", example: "" }], settings: EMPTY_SETTINGS } as unknown as PresetView;
    const before = { ...formFrom(EMPTY_SETTINGS, false), name: "Badminton", code: "bad_1", codeByHand: true };
    const form = formFromPreset(preset, before);
    expect([form.name, form.code, form.variables["tenant"]], "choosing another system is no reason to type again").toEqual(["Badminton", "bad_1", ""]);
    expect(settingsOf(form).preset, "the preset is remembered").toBe("p");
  });
});

describe("http to this computer", () => {
  const cases: [address: string, loopback: boolean][] = [
    ["http://127.0.0.1:4000", true],
    ["http://127.8.9.1/x", true],
    ["http://localhost", true],
    ["HTTP://LOCALHOST:80/", true],
    ["http://[::1]:4000/a", true],
    ["http://127.0.0.1.evil.example", false],
    ["http://localhost.example", false],
    ["http://127.0.0.1@evil.example", false],
    ["http://10.0.0.1", false],
    ["https://127.0.0.1", false],
    ["", false],
  ];
  test.each(cases)("%s", (address, loopback) => {
    expect(isLoopbackHttp(address), "the switch is offered only where it can help").toBe(loopback);
  });

  test("the switch is dropped where the address is not on this computer", () => {
    expect(settingsOf({ ...typed(), allowHttp: true }).allow_http_loopback, "a left-over switch must not stay").toBe(false);
  });
});

test("a club's id is asked for only where an address needs it", () => {
  const form = typed();
  expect(needsOrganisation(form), "no placeholder").toBe(false);
  form.membershipList = "/clubs/{federation_org_id}/members";
  expect(needsOrganisation(form), "placeholder in the list").toBe(true);
});

test("the look-up of a club survives an edit of something else", () => {
  const before = settingsOf(typed());
  const endpoints = { ...before.endpoints, organisation: "/v1/clubs/{federation_org_id}", organisation_name: "data.name" };
  const after = settingsOf(formFrom({ ...before, endpoints }, true));
  expect(after.endpoints, "nothing that is set is lost on the way through the form").toEqual(endpoints);
});

describe("whose value counts", () => {
  test("rules for single fields come from the settings and go back unchanged", () => {
    const settings = { ...EMPTY_SETTINGS, sync: { ...EMPTY_SETTINGS.sync, schedule: "0 2 * * *", conflict_strategy: "merge" as const, fields: { phone: "local_wins" as const } } };
    const form = formFrom(settings, true);
    expect(form.strategies, "the one rule").toEqual([{ field: "phone", strategy: "local_wins" }]);
    expect(settingsOf(form).sync, "what was not touched stays, the schedule too").toEqual(settings.sync);
  });

  test("a rule that is taken away leaves no trace, and a new one is kept", () => {
    const form = formFrom({ ...EMPTY_SETTINGS, sync: { ...EMPTY_SETTINGS.sync, fields: { phone: "merge" } } }, true);
    form.strategies = [];
    expect(settingsOf(form).sync, "no empty table").not.toHaveProperty("fields");
    form.strategies = [{ field: "email", strategy: "federation_wins" }];
    form.strategy = "local_wins";
    expect(settingsOf(form).sync, "both").toMatchObject({ conflict_strategy: "local_wins", fields: { email: "federation_wins" } });
  });
});
