// Invented schedules for development without the shell. Never part of a production build.

import type { FieldError, NextRunView, SchedulePolicyRequest, ScheduleSetRequest, ScheduleView } from "../bindings/types";

const DAY = 86_400_000;
const kept: Record<string, Partial<ScheduleView>> = {};

function runs(schedule: string, delay: number): NextRunView[] {
  const [minute = "0", hour = "2", , , weekday = "*"] = schedule.split(" ");
  const midnight = Math.floor(Date.now() / DAY) * DAY;
  const found: NextRunView[] = [];
  for (let day = 0; found.length < 5 && day < 60; day += 1) {
    const at = midnight + day * DAY + (Number(hour) || 0) * 3_600_000 + ((Number(minute) || 0) + delay) * 60_000;
    const date = new Date(at);
    if (at <= Date.now() || (/^\d$/.test(weekday) && date.getUTCDay() !== Number(weekday) % 7)) continue;
    found.push({ at, utc: date.toISOString(), local: date.toISOString().slice(0, 19), weekday: date.getUTCDay() || 7, offset_minutes: 0, days_from_now: day, clock_change: null });
  }
  return found;
}

function show(code: string, org: string | null): ScheduleView {
  const connector = kept[code] ?? {};
  const own = org === null ? {} : (kept[`${code} ${org}`] ?? {});
  const schedule = own.schedule ?? connector.schedule ?? null;
  const state = own.state ?? connector.state ?? (schedule === null ? "none" : "runs");
  const delay = org === null ? 0 : org.length % 16;
  const asks = location.search.includes("asks") && org?.startsWith("ardmore") && own.question === undefined;
  return {
    code, org, name: org ?? code, state, schedule, time_zone: "Europe/Dublin", inherited: org !== null && own.schedule === undefined && own.state === undefined,
    policy: "preview_only", missed: "once_on_wake", delay_minutes: delay, next: schedule === null || state !== "runs" ? [] : runs(schedule, delay),
    last_run: null, waits: null, retry_at: null, retry_count: 0, gave_up_at: null, held_by_undo: false,
    ...(org === null ? connector : own), question: asks ? { at: Date.now() - 9 * 3_600_000, missed: 3 } : null,
  };
}

function put(code: string, org: string | null, change: Partial<ScheduleView>): ScheduleView {
  const key = org === null ? code : `${code} ${org}`;
  const { next: _next, ...before } = kept[key] ?? {};
  kept[key] = { ...before, ...change };
  return show(code, org);
}

/** The commands; `refuse` answers with broken fields. */
export const scheduleCommands = (refuse: (fields: FieldError[]) => never) => {
  const check = (schedule: string, zone: string): void => {
    const fields: FieldError[] = [];
    if (schedule.split(/\s+/).filter(Boolean).length !== 5) fields.push({ field: "schedule", rule: "pattern", message: "invented" });
    if (!/^[A-Z]\w+\/\w+|UTC$/.test(zone)) fields.push({ field: "time_zone", rule: "unknown", message: "invented" });
    if (fields.length > 0) refuse(fields);
  };
  if (!location.search.includes("noschedule")) kept["badminton_helloclub"] = { schedule: "0 2 * * *" };
  return {
    schedule_show: ({ code, org }: { code: string; org: string | null }) => show(code, org),
    schedule_preview: ({ schedule, timeZone }: { schedule: string; timeZone: string }) => {
      check(schedule, timeZone);
      return runs(schedule, 0);
    },
    schedule_set: ({ code, org, request }: { code: string; org: string | null; request: ScheduleSetRequest }) => {
      if (request.mode === "on") {
        check(request.schedule, request.time_zone ?? "Europe/Dublin");
        return put(code, org, { state: "runs", schedule: request.schedule, time_zone: request.time_zone ?? "Europe/Dublin" });
      }
      if (request.mode === "off") return put(code, org, { state: "off" });
      delete kept[`${code} ${org}`];
      return show(code, org);
    },
    schedule_policy: ({ code, org, request }: { code: string; org: string | null; request: SchedulePolicyRequest }) => put(code, org, request),
    schedule_answer: ({ code, org }: { code: string; org: string }) => put(code, org, { question: null }),
  };
};
