// Members as a person reads them: names, fields, how they stand, and the parts of a text that were searched for.

import type { MemberField, MemberFilter, MemberRowView, TraceKind } from "../bindings/types";
import { m } from "../paraglide/messages.js";
import type { IconName } from "../parts/icons";
import type { Sign } from "./status";
import { dayText } from "./time";

export const FILTERS: Record<MemberFilter, () => string> = {
  all: m.members_filter_all,
  active: m.members_filter_active,
  lapsed: m.members_filter_lapsed,
  left: m.members_filter_left,
  edited: m.members_filter_edited,
};

export const TRACES: Record<TraceKind, { word: (where: { name: string }) => string; icon: IconName; tone: string }> = {
  kept_club: { word: m.members_trace_kept_club, icon: "fork", tone: "warn" },
  took_federation: { word: m.members_trace_took_federation, icon: "fork", tone: "idle" },
  took_value: { word: m.members_trace_took_value, icon: "fork", tone: "warn" },
  edited: { word: m.members_trace_edited, icon: "pencil", tone: "idle" },
  changed: { word: m.members_trace_changed, icon: "download", tone: "idle" },
  rule: { word: m.members_trace_rule, icon: "change", tone: "idle" },
  came: { word: m.members_trace_came, icon: "download", tone: "idle" },
};

const STATUSES: Record<string, () => string> = {
  active: m.members_status_active,
  inactive: m.members_status_inactive,
  pending: m.members_status_pending,
  suspended: m.members_status_suspended,
  left: m.members_status_left,
};

export function memberSign(row: Pick<MemberRowView, "status" | "left_at">): Sign {
  if (row.left_at !== null || row.status === "left") return { word: m.members_status_left, icon: "leave", tone: "idle" };
  switch (row.status) {
    case "active": return { word: m.members_status_active, icon: "checkCircle", tone: "ok" };
    case "inactive": return { word: m.members_status_inactive, icon: "dashed", tone: "idle" };
    case "pending": return { word: m.members_status_pending, icon: "hourglass", tone: "idle" };
    case "suspended": return { word: m.members_status_suspended, icon: "paused", tone: "warn" };
    case null: return { word: m.members_status_unknown, icon: "circle", tone: "idle" };
    default: {
      const word = row.status;
      return { word: () => word, icon: "circle", tone: "idle" };
    }
  }
}

/** `Ó Sé, Seán`. */
export function listName(row: Pick<MemberRowView, "first_name" | "last_name">): string {
  return [row.last_name, row.first_name].filter(Boolean).join(", ") || m.members_nameless();
}

/** `Seán Ó Sé`. */
export function plainName(row: Pick<MemberRowView, "first_name" | "last_name">): string {
  return [row.first_name, row.last_name].filter(Boolean).join(" ") || m.members_nameless();
}

export function irishName(row: MemberRowView): string {
  return [row.irish_first_name, row.irish_last_name].filter(Boolean).join(" ");
}

/** A value as a person reads it: a day in words, a word of a closed set in the window's language. */
export function valueText(field: MemberField, value: string | null): string {
  if (value === null) return "–";
  if (field === "date_of_birth" || field === "joined_on") return dayText(value);
  if (field === "status") return STATUSES[value]?.() ?? value;
  return value;
}

function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** A text in parts, those that a word of the search began marked. Folding keeps the letters' places only letter by letter. */
export function marked(text: string, search: string): { text: string; hit: boolean }[] {
  const words = fold(search).split(/[^\p{L}\p{N}'’]+/u).map((word) => word.replace(/['’]/g, "")).filter(Boolean);
  const letters = [...text.normalize("NFC")];
  const hits = new Array<boolean>(letters.length).fill(false);
  for (let start = 0; start < letters.length; start += 1) {
    const before = letters[start - 1];
    if (before !== undefined && /[\p{L}\p{N}]/u.test(before)) continue;
    for (const word of words) {
      let seen = "";
      let end = start;
      while (end < letters.length && seen.length < word.length) {
        seen += fold(letters[end] ?? "").replace(/['’]/g, "");
        end += 1;
      }
      if (seen === word) hits.fill(true, start, end);
    }
  }
  const parts: { text: string; hit: boolean }[] = [];
  letters.forEach((letter, place) => {
    const hit = hits[place] ?? false;
    const last = parts.at(-1);
    if (last && last.hit === hit) last.text += letter;
    else parts.push({ text: letter, hit });
  });
  return parts;
}
