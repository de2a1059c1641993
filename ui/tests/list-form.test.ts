import { describe, expect, it } from "vitest";

import type { PagingSettings, RecordSettings } from "../src/bindings/types";
import { listFormFrom, pagingOf, recordsOf } from "../src/lib/list-form";

const JSON_RECORDS: RecordSettings = { format: "json", name_values: [] };

describe("how a list is read", () => {
  const cases: PagingSettings[] = [
    { style: "none", keys: {}, records: "players" },
    { style: "page", start: 0, page_param: "page", size_param: "size", size: 100, records: "data", total: "page.totalElements", total_pages: "page.totalPages", keys: {} },
    { style: "page", page_param: "p", total_header: "X-Total", total_pages_header: "X-Pages", keys: {} },
    { style: "offset", start: 0, page_param: "offset", size: 50, total: "meta.total", keys: {} },
    { style: "cursor", page_param: "cursor", next: "metadata.nextCursor", more: "metadata.hasMore", keys: {} },
    { style: "link_body", next: "links.next", size_param: "page[size]", keys: {} },
    { style: "link_header", size_param: "per_page", size: 30, keys: {} },
    { style: "keyset", keys: { "last-updated": "lastUpdated", "last-id": "id" } },
  ];
  for (const paging of cases) {
    it(`${paging.style} comes back as it was`, () => {
      expect(pagingOf(listFormFrom(paging, JSON_RECORDS), paging)).toEqual(paging);
    });
  }

  it("sends nothing that the chosen style does not use, and keeps it typed", () => {
    const before: PagingSettings = { style: "cursor", page_param: "cursor", next: "meta.next", size: 10, total_pages_header: "X-Pages", keys: {} };
    const form = listFormFrom(before, JSON_RECORDS);
    form.pagingStyle = "page";
    expect(pagingOf(form, before)).toEqual({ style: "page", page_param: "cursor", size: 10, keys: {} });
    form.pagingStyle = "cursor";
    expect(pagingOf(form, before)).toEqual(before);
  });

  it("keeps lists of names and values, and a delimiter only for CSV", () => {
    const before: RecordSettings = { format: "csv", delimiter: ";", name_values: [{ path: "Fields", name: "Name", value: "Value" }] };
    const form = listFormFrom({ style: "none", keys: {} }, before);
    expect(recordsOf(form, before)).toEqual(before);
    form.recordFormat = "xml";
    expect(recordsOf(form, before)).toEqual({ format: "xml", name_values: before.name_values });
  });
});
