// Schedules as people say them. Which moments they are is the product's to say; here they are only put in words.

import type { NextRunView, ScheduleView } from "../bindings/types";
import { m } from "../paraglide/messages.js";

export type Rhythm = "night" | "week" | "own";
export type Weekday = "1" | "2" | "3" | "4" | "5" | "6" | "0";

/** A schedule as it is chosen. */
export interface Chosen {
  rhythm: Rhythm;
  /** `02:00`. */
  time: string;
  weekday: Weekday;
  /** Five cron fields, where the rhythm is somebody's own. */
  own: string;
}

export const DEFAULT_SCHEDULE = "0 2 * * *";

export const WEEKDAYS: Record<Weekday, () => string> = {
  "1": m.sched_monday,
  "2": m.sched_tuesday,
  "3": m.sched_wednesday,
  "4": m.sched_thursday,
  "5": m.sched_friday,
  "6": m.sched_saturday,
  "0": m.sched_sunday,
};

const DAILY = /^(\d{1,2}) (\d{1,2}) \* \* (\*|[0-7])$/;

/** What stands in the form for a schedule. */
export function chosenOf(schedule: string): Chosen {
  const [, minute = "", hour = "", day = ""] = DAILY.exec(schedule.trim()) ?? [];
  if (minute === "" || Number(minute) > 59 || Number(hour) > 23) return { rhythm: "own", time: "02:00", weekday: "1", own: schedule };
  const time = `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
  const weekday = (day === "7" ? "0" : day === "*" ? "1" : day) as Weekday;
  return { rhythm: day === "*" ? "night" : "week", time, weekday, own: schedule };
}

/** The schedule of what stands in the form. */
export function scheduleOf(chosen: Chosen): string {
  if (chosen.rhythm === "own") return chosen.own.trim();
  const [hour = "", minute = ""] = chosen.time.split(":");
  // An empty time gives no schedule; the product says so.
  if (hour === "" || minute === "") return "";
  return `${Number(minute)} ${Number(hour)} * * ${chosen.rhythm === "night" ? "*" : chosen.weekday}`;
}

/** `Every day at 02:00`, `Every Thursday at 07:30`, `At times of its own: 0 2 * * 1-5`. */
export function scheduleInWords(schedule: string): string {
  const chosen = chosenOf(schedule);
  if (chosen.rhythm === "night") return m.sched_every_day({ time: chosen.time });
  if (chosen.rhythm === "week") return m.sched_every_week({ day: WEEKDAYS[chosen.weekday](), time: chosen.time });
  return m.sched_own_times({ schedule });
}

/** `tomorrow, Thursday 26 November, 02:07`, by the clocks of the schedule's own zone. */
export function nextInWords(next: NextRunView): string {
  // The local time is read as if it were UTC, so that the computer's zone changes nothing.
  const at = Date.parse(`${next.local}Z`);
  const day = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }).format(at).replace(",", "");
  const words = { day, time: next.local.slice(11, 16) };
  if (next.days_from_now === 0) return m.sched_today(words);
  if (next.days_from_now === 1) return m.sched_tomorrow(words);
  return m.sched_on(words);
}

/** What a clock change does to it; empty where nothing. */
export function clockChangeInWords(next: NextRunView): string {
  if (next.clock_change === "missing") return m.sched_clock_missing();
  return next.clock_change === "doubled" ? m.sched_clock_doubled() : "";
}

/** One sentence: when it runs, or why not. */
export function stateInWords(view: ScheduleView): string {
  switch (view.state) {
    case "runs":
      return view.schedule === null ? m.sched_state_none() : scheduleInWords(view.schedule);
    case "none":
      return m.sched_state_none();
    case "off":
      return m.sched_state_off();
    case "paused":
      return m.sched_state_paused();
    case "stopped":
      return m.sched_state_stopped();
  }
}
