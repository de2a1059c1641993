// Times as people say them: today and tomorrow in words, then the weekday, then the date.

import { m } from "../paraglide/messages.js";
import { getLocale } from "../paraglide/runtime.js";

const DAY = 86_400_000;

/** English here is the English of Ireland and Britain: day before month, 24 hours. */
export function formatLocale(): string {
  const locale = getLocale() as string;
  return locale === "en" ? "en-GB" : locale;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than a screen of times can wait for, so each is made once; anew where the computer's zone has changed. */
function formatter(locale: string, options: Intl.DateTimeFormatOptions, zone: string | undefined): Intl.DateTimeFormat {
  const key = `${locale} ${zone ?? new Date().getTimezoneOffset()} ${Object.entries(options).join()}`;
  let found = formatters.get(key);
  if (!found) formatters.set(key, (found = new Intl.DateTimeFormat(locale, zone ? { ...options, timeZone: zone } : options)));
  return found;
}

function format(at: number, options: Intl.DateTimeFormatOptions, zone: string | undefined): string {
  return formatter(formatLocale(), options, zone).format(at);
}

/** `14:05`. */
export function clockOf(at: number, zone?: string): string {
  return format(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, zone);
}

/** Number of the local day, so that two days differ by whole numbers also where a day has 23 or 25 hours. */
function dayNumber(at: number, zone: string | undefined): number {
  // By parts: the order in which a locale writes them differs between engines.
  const parts = formatter("en-GB", { year: "numeric", month: "numeric", day: "numeric" }, zone).formatToParts(at);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value ?? 0);
  return Math.round(Date.UTC(part("year"), part("month") - 1, part("day")) / DAY);
}

/** `Today 02:04`, `Yesterday 18:30`, `Thu 19 Nov`, `3 Mar 2025`. `zone` is only for tests; absent: the computer's. */
export function relativeTime(at: number, now: number, zone?: string): string {
  const days = dayNumber(at, zone) - dayNumber(now, zone);
  const clock = clockOf(at, zone);
  if (days === 0) return m.time_today({ clock });
  if (days === -1) return m.time_yesterday({ clock });
  if (days === 1) return m.time_tomorrow({ clock });
  if (Math.abs(days) < 180) return format(at, { weekday: "short", day: "numeric", month: "short" }, zone).replace(",", "");
  return format(at, { day: "numeric", month: "short", year: "numeric" }, zone);
}

/** The same inside a sentence: `today 02:04`, `tomorrow 07:00`, `Thu 19 Nov`. */
export function timeInSentence(at: number, now: number, zone?: string): string {
  const days = dayNumber(at, zone) - dayNumber(now, zone);
  const clock = clockOf(at, zone);
  if (days === 0) return m.time_in_today({ clock });
  if (days === -1) return m.time_in_yesterday({ clock });
  if (days === 1) return m.time_in_tomorrow({ clock });
  return relativeTime(at, now, zone);
}

/** The whole of it with the zone, for focus, hover and the screen reader. */
export function absoluteTime(at: number, zone?: string): string {
  return format(at, {
    weekday: "long", day: "numeric", month: "long", year: "numeric",
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZoneName: "short",
  }, zone);
}

/** `3 March 2026`. */
export function longDate(at: number, zone?: string): string {
  return format(at, { day: "numeric", month: "long", year: "numeric" }, zone);
}

/** `3 Mar 2027` from `2027-03-03`, for a column; the text itself where it is no day. */
export function shortDay(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? day : format(at, { day: "numeric", month: "short", year: "numeric" }, "UTC");
}

/** `3 March 2027` from `2027-03-03`; the text itself where it is no day. */
export function dayText(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? day : longDate(at, "UTC");
}

/** `1,204`. */
export function count(value: number): string {
  return new Intl.NumberFormat(formatLocale()).format(value);
}

/** `38.2 MB`; steps of 1,000, as the systems' file lists show it. */
export function fileSize(bytes: number): string {
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(formatLocale(), { maximumFractionDigits: digits }).format(value);
  if (bytes < 1000) return m.size_bytes({ size: number(bytes, 0) });
  if (bytes < 1_000_000) return m.size_kilobytes({ size: number(bytes / 1000, 0) });
  if (bytes < 1_000_000_000) return m.size_megabytes({ size: number(bytes / 1_000_000, 1) });
  return m.size_gigabytes({ size: number(bytes / 1_000_000_000, 1) });
}
