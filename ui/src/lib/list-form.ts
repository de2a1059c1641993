// How a list is read, as the form has it: pages, records, totals. What the chosen style does not use stays
// typed and is not sent.

import type { PagingSettings, PagingStyle, RecordFormat, RecordSettings } from "../bindings/types";
import { parameterRow, wholeNumber, type ParameterRow } from "./token-form";

export interface ListForm {
  pagingStyle: PagingStyle;
  pagingStart: string;
  pageParam: string;
  sizeParam: string;
  pageSize: string;
  records: string;
  recordFormat: RecordFormat;
  delimiter: string;
  nextPath: string;
  morePath: string;
  totalPath: string;
  totalPagesPath: string;
  totalHeader: string;
  /** `keyset`: parameter and path in the last record. */
  keys: ParameterRow[];
}

const text = (value: number | undefined): string => (value === undefined ? "" : String(value));

export function listFormFrom(paging: PagingSettings, records: RecordSettings): ListForm {
  const keys = Object.entries(paging.keys ?? {}).map(([name, value]) => parameterRow(name, value ?? ""));
  return {
    pagingStyle: paging.style,
    pagingStart: text(paging.start),
    pageParam: paging.page_param ?? "",
    sizeParam: paging.size_param ?? "",
    pageSize: text(paging.size),
    records: paging.records ?? "",
    recordFormat: records.format,
    delimiter: records.delimiter ?? "",
    nextPath: paging.next ?? "",
    morePath: paging.more ?? "",
    totalPath: paging.total ?? "",
    totalPagesPath: paging.total_pages ?? "",
    totalHeader: paging.total_header ?? "",
    keys: keys.length > 0 ? keys : [parameterRow()],
  };
}

/** Which fields a style has. */
export function pagingFields(style: PagingStyle): Set<keyof ListForm> {
  switch (style) {
    case "none": return new Set();
    case "page": return new Set(["pageParam", "pagingStart", "sizeParam", "pageSize", "totalPath", "totalPagesPath", "totalHeader"]);
    case "offset": return new Set(["pageParam", "pagingStart", "sizeParam", "pageSize", "totalPath", "totalHeader"]);
    case "cursor": return new Set(["pageParam", "nextPath", "morePath", "sizeParam", "pageSize", "totalPath"]);
    case "link_body": return new Set(["nextPath", "sizeParam", "pageSize", "totalPath"]);
    case "link_header": return new Set(["sizeParam", "pageSize", "totalHeader"]);
    case "keyset": return new Set(["keys", "sizeParam", "pageSize"]);
  }
}

/** The settings as typed. `before` holds what no field shows. */
export function pagingOf(form: ListForm, before: PagingSettings): PagingSettings {
  const shown = pagingFields(form.pagingStyle);
  const filled = (field: keyof ListForm, key: keyof PagingSettings, value: string) => (shown.has(field) && value.trim() !== "" ? { [key]: value.trim() } : {});
  const number = (field: keyof ListForm, key: keyof PagingSettings, value: string) => (shown.has(field) && value.trim() !== "" ? { [key]: wholeNumber(value) } : {});
  const rows = shown.has("keys") ? form.keys.filter((row) => row.name.trim() !== "") : [];
  return {
    style: form.pagingStyle,
    ...number("pagingStart", "start", form.pagingStart),
    ...filled("pageParam", "page_param", form.pageParam),
    ...filled("sizeParam", "size_param", form.sizeParam),
    ...number("pageSize", "size", form.pageSize),
    ...(form.records.trim() === "" ? {} : { records: form.records.trim() }),
    ...filled("nextPath", "next", form.nextPath),
    ...filled("morePath", "more", form.morePath),
    ...filled("totalPath", "total", form.totalPath),
    ...filled("totalPagesPath", "total_pages", form.totalPagesPath),
    ...filled("totalHeader", "total_header", form.totalHeader),
    ...(before.total_pages_header !== undefined && before.style === form.pagingStyle ? { total_pages_header: before.total_pages_header } : {}),
    keys: Object.fromEntries(rows.map((row) => [row.name.trim(), row.value.trim()])),
  };
}

export function recordsOf(form: ListForm, before: RecordSettings): RecordSettings {
  return {
    format: form.recordFormat,
    // Empty lists are left out on the wire.
    name_values: before.name_values ?? [],
    ...(form.recordFormat === "csv" && form.delimiter !== "" ? { delimiter: form.delimiter } : {}),
  };
}
