// Home in words: how everything stands, what needs a person, what runs next.

import type { AttentionView, ComingRunView, HealthAction, HomeView, RoleView } from "../bindings/types";
import { FINDINGS } from "../errors";
import { m } from "../paraglide/messages.js";
import type { IconName } from "../parts/icons";
import { clockOrTime, share } from "./health";
import { insteadOf } from "./sight";
import { STATES, type Tone } from "./status";
import { count, relativeTime, timeInSentence } from "./time";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const NUMBERS = [
  m.home_number_2, m.home_number_3, m.home_number_4, m.home_number_5, m.home_number_6, m.home_number_7,
  m.home_number_8, m.home_number_9, m.home_number_10, m.home_number_11, m.home_number_12,
];

/** How a number opens a sentence: small ones as words. */
function opening(number: number): string {
  return NUMBERS[number - 2]?.() ?? count(number);
}

/** `12 of 18 clubs are up to date.`, `Three things need you.` Clubs where any is connected, otherwise connectors. */
export function statusSentences(home: HomeView): string[] {
  const clubs = home.clubs_all > 0;
  const [all, done] = clubs ? [home.clubs_all, home.clubs_up_to_date] : [home.connectors_all, home.connectors_healthy];
  const said = { count: all, shown: count(all) };
  const some = { ...said, done: count(done) };
  let first: string;
  if (done >= all) first = clubs ? m.home_all_clubs(said) : m.home_all_connectors(said);
  else if (done === 0) first = clubs ? m.home_no_club(said) : m.home_no_connector(said);
  else first = clubs ? m.home_some_clubs(some) : m.home_some_connectors(some);
  if (home.needs_you === 0) return [first];
  return [first, m.home_need({ count: home.needs_you, number: opening(home.needs_you) })];
}

/** `2 minutes ago`; from an hour on the time itself. */
export function ago(at: number, now: number): string {
  const minutes = Math.floor((now - at) / MINUTE);
  if (minutes < 1) return m.home_now();
  if (minutes < 60) return m.home_minutes_ago({ count: minutes, shown: count(minutes) });
  return timeInSentence(at, now);
}

/** What stands under the status sentence. */
export function subLine(home: HomeView, now: number): string {
  const first = home.needs_you > 0 ? m.home_rest_runs() : m.home_nothing();
  if (home.checked_at === null) return `${first} ${m.home_unchecked()}`;
  const checked = ago(home.checked_at, now);
  const next = home.next_runs[0];
  let what = "";
  if (home.syncing.length === 1) what = m.home_syncing_one({ club: home.syncing[0] ?? "" });
  else if (home.syncing.length > 1) {
    const clubs = m.home_and({ first: home.syncing.slice(0, -1).join(", "), last: home.syncing.at(-1) ?? "" });
    what = m.home_syncing_more({ clubs });
  } else if (home.needs_you === 0 && next) what = m.home_next_run({ when: timeInSentence(next.at, now) });
  return `${first} ${what === "" ? m.home_checked({ ago: checked }) : m.home_checked_and({ ago: checked, what })}`;
}

export interface Attention {
  icon: IconName;
  tone: Tone;
  title: string;
  text: string;
  button: string;
}

const BUTTONS: Record<HealthAction, () => string> = {
  sign_in: m.home_do_sign_in,
  replace_key: m.home_do_key,
  open_settings: m.home_do_settings,
  review_plan: m.home_do_review,
  check: m.home_do_check,
  retry: m.home_do_retry,
  resume: m.home_do_resume,
};

function guardTitle(item: AttentionView, club: string): string {
  const { members_before: before, members_now: after } = item;
  switch (item.guard) {
    case "empty_list": return m.home_held_empty({ club });
    case "too_many_leavers":
      if (before !== null && after !== null && before > 0 && after < before) return m.home_held_shrank({ club, share: share(Math.round((1 - after / before) * 100)) });
      return m.home_held_leavers({ club });
    case "page_anomaly": return m.home_held_pages({ club });
    case "total_mismatch": return m.home_held_total({ club });
    case "incomplete_list": return m.home_held_incomplete({ club });
    default: return m.home_held_plan({ club });
  }
}

function guardText(item: AttentionView): string {
  if (item.members_before === null || item.members_now === null) return m.home_held_text();
  return m.home_held_counts({ before: count(item.members_before), now: count(item.members_now) });
}

/** Since when nothing new came, of one club. */
function clubText(item: AttentionView, now: number): string {
  return item.lists_from === null ? m.home_club_never() : m.home_club_text({ when: timeInSentence(item.lists_from, now) });
}

/** The clubs that it holds up, and how old their lists are. */
function clubsText(item: AttentionView, now: number): string {
  if (item.clubs === 0) return m.home_clubs_none();
  const said = { count: item.clubs, shown: count(item.clubs) };
  return item.lists_from === null ? m.home_clubs_never(said) : m.home_clubs_from({ ...said, when: timeInSentence(item.lists_from, now) });
}

function expiryDay(at: number, now: number): string {
  const days = Math.ceil((at - now) / DAY);
  return days > 14 ? timeInSentence(at, now) : m.health_in_days({ count: days, shown: count(days) });
}

function connectorWords(item: AttentionView, now: number): { title: string; text: string } {
  const { name } = item;
  const found = item.finding ? FINDINGS[item.finding].title({ system: name, host: name }) : null;
  const text = clubsText(item, now);
  if (item.state === "waiting_for_browser") return { title: m.home_browser({ name }), text };
  if (item.state === "paused") return { title: m.home_paused({ name }), text };
  if (item.state === "sign_in_again") {
    if (item.since === null) return { title: m.home_sign_in({ name }), text };
    const clubs = item.clubs === 0 ? m.home_clubs_none() : m.home_clubs_only({ count: item.clubs, shown: count(item.clubs) });
    return { title: m.home_sign_in({ name }), text: `${clubs} ${m.home_sign_in_ended({ when: timeInSentence(item.since, now) })}` };
  }
  const key = item.action === "replace_key" && item.finding === "unauthorised";
  return { title: key ? m.home_refused_key({ name }) : (found ?? m.home_trouble({ name })), text };
}

function words(item: AttentionView, now: number): { title: string; text: string } {
  const { name } = item;
  const club = item.club ?? name;
  switch (item.kind) {
    case "connector": return connectorWords(item, now);
    case "expiring":
      if (item.expires_at !== null && item.expires_at <= now) return { title: m.home_expires_ended({ name }), text: m.home_expires_over() };
      return { title: item.expires_at === null ? m.home_trouble({ name }) : m.home_expires_key({ name, when: expiryDay(item.expires_at, now) }), text: m.home_expires_text() };
    case "undone": return { title: m.home_held_undo({ club }), text: m.home_undone_text() };
    case "guard": return { title: guardTitle(item, club), text: guardText(item) };
    case "conflicts": {
      const number = item.conflicts ?? 0;
      return { title: number === 0 ? m.home_held_plan({ club }) : m.home_conflicts({ club, count: number, shown: count(number) }), text: m.home_conflicts_text() };
    }
    case "plan": return { title: m.home_held_plan({ club }), text: m.home_held_waits() };
    case "club_failing": {
      const text = clubText(item, now);
      if (item.finding === null) return { title: m.home_club_failed({ club }), text };
      return { title: m.home_club_failed({ club }), text: m.home_club_why({ what: FINDINGS[item.finding].title({ system: name, host: name }), text }) };
    }
    case "missed_runs": {
      const number = item.missed ?? 0;
      return { title: m.home_missed({ club, count: number, shown: count(number) }), text: m.home_missed_text() };
    }
  }
}

/** One thing that needs a person, as it is shown. */
export function attention(item: AttentionView, now: number, view: RoleView = "all"): Attention {
  const sign = STATES[item.state];
  const instead = insteadOf(item, view);
  if (instead !== null) return { icon: sign.icon, tone: sign.tone, ...words(item, now), button: instead === "run" ? m.health_error_run() : m.health_error_connector() };
  const button = item.kind === "undone" || item.kind === "missed_runs" ? m.home_do_decide() : BUTTONS[item.action]();
  return { icon: sign.icon, tone: sign.tone, ...words(item, now), button };
}

/** A thing that needs a person, to be told apart from the others while the list changes. */
export function attentionKey(item: AttentionView): string {
  return `${item.kind} ${item.code} ${item.org ?? ""} ${item.plan_id ?? ""}`;
}

function dayWord(at: number, now: number): string {
  const told = relativeTime(at, now);
  const clock = clockOrTime(at, at);
  if (told === m.time_today({ clock })) return m.home_today();
  return told === m.time_tomorrow({ clock }) ? m.home_tomorrow() : told;
}

/** Why or on which day something runs: `tomorrow`, `another try`, `when the limit ends`. */
export function runWhy(run: ComingRunView, now: number): string {
  const day = dayWord(run.at, now);
  if (run.kind === "schedule") return day;
  const why = run.kind === "retry" ? m.home_run_retry() : run.kind === "limit_ends" ? m.home_run_limit() : m.home_run_probe();
  return day === m.home_today() ? why : m.home_run_with_day({ why, day });
}
