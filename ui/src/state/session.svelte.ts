// The state of the whole as the window knows it: status, appearance and the number of every piece of
// news, so that views can read again what they show. Reading is always asking the product.

import type { AppSettings, Contrast, StatusView, Theme } from "../bindings/types";
import { app, onEvent, settings as settingsCommands } from "../ipc";
import { tell, type Told } from "../errors";
import { go } from "./router.svelte";

export const session = $state<{
  status: StatusView | null;
  /** The status itself could not be asked for. */
  failure: Told | null;
  appearance: AppSettings;
  /** Counts news about connectors. */
  connectors: number;
  /** Counts news about runs and members. */
  syncs: number;
  /** Counts news about the practice federation. */
  practice: number;
  /** The app is to end while a sync runs, and waits for an answer. */
  quitting: boolean;
}>({
  status: null,
  failure: null,
  appearance: { theme: "system", contrast: "system", notifications: true, quiet_from: null, quiet_until: null, background: false, autostart: false, view: "all", my_club: null },
  connectors: 0,
  syncs: 0,
  practice: 0,
  quitting: false,
});

/** Asks for the status; a refusal is kept as a state of its own. */
export async function readStatus(): Promise<void> {
  try {
    session.status = await app.status();
    session.failure = null;
  } catch (refusal) {
    session.failure = tell(refusal);
  }
}

/** Puts the answer of a command that gives the status. */
export function putStatus(status: StatusView): void {
  session.status = status;
  session.failure = null;
}

export async function lockNow(): Promise<void> {
  putStatus(await app.lock());
}

function remember(name: "theme" | "contrast", value: Theme | Contrast): void {
  const root = document.documentElement;
  if (value === "system") root.removeAttribute(`data-${name}`);
  else root.setAttribute(`data-${name}`, value);
  try {
    localStorage.setItem(`appearance.${name}`, value);
  } catch {
    // Without storage the theme is only late by one paint at the next start.
  }
}

/** Shows `settings` at once and keeps a copy for the next start's first paint. */
export function applyAppearance(settings: AppSettings): void {
  session.appearance = settings;
  remember("theme", settings.theme);
  remember("contrast", settings.contrast);
}

async function readAppearance(): Promise<void> {
  try {
    applyAppearance(await settingsCommands.show());
  } catch {
    // The copy of the last start stays; appearance is no reason to stop anybody.
  }
}

/** Listens for news and reads the first status; `onfirst` is called when it is there. The answer stops listening. */
export async function startSession(onfirst: () => void): Promise<() => void> {
  // All at once: each answer takes its way through the window's main thread, which is busy at the start.
  const listening = onEvent((event) => {
    if (event.type === "app_state_changed") void readStatus();
    if (event.type === "practice_changed") session.practice += 1;
    if (event.type === "quit_asked") session.quitting = true;
    // A notification was clicked.
    if (event.type === "open_asked") void go(event.code === null ? { name: "home" } : { name: "detail", code: event.code });
    // A sync changes its club too: when it was synced, what failed.
    if (event.type === "syncs_changed") {
      session.syncs += 1;
      session.connectors += 1;
    }
    if (event.type === "connectors_changed") {
      session.connectors += 1;
      void readStatus();
    }
  });
  await Promise.all([readStatus(), readAppearance()]);
  onfirst();
  const stop = await listening;
  // Again, for what happened before anybody listened.
  await readStatus();
  return stop;
}
