// What is done to a connector from the list and from its own page, with the toast that says what stayed.

import type { ConnectorRowView } from "../bindings/types";
import { tell } from "../errors";
import { connector } from "../ipc";
import { m } from "../paraglide/messages.js";
import { say } from "./toasts.svelte";

type Named = Pick<ConnectorRowView, "code" | "name">;

/** Runs `act`; a refusal becomes a toast. False where it was refused. */
export async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (refusal) {
    const told = tell(refusal);
    say({ icon: "octagon", subject: told.title, text: told.consequence });
    return false;
  }
}

export function pause(row: Named): Promise<boolean> {
  return attempt(async () => {
    await connector.setStatus(row.code, "inactive");
    say({ icon: "paused", subject: row.name, text: m.toast_paused(), undo: async () => void (await attempt(() => connector.setStatus(row.code, "active"))) });
  });
}

export function resume(row: Named): Promise<boolean> {
  return attempt(async () => {
    await connector.setStatus(row.code, "active");
    say({ icon: "play", subject: row.name, text: m.toast_resumed() });
  });
}

/** Deletes, after the dialog has asked; refusals go to the caller. */
export async function remove(row: Named): Promise<void> {
  await connector.remove(row.code);
  say({ icon: "archive", subject: row.name, text: m.toast_deleted(), undo: async () => void (await restore(row)) });
}

export function restore(row: Named): Promise<boolean> {
  return attempt(async () => {
    await connector.restore(row.code);
    say({ icon: "undo", subject: row.name, text: m.toast_restored() });
  });
}

export function exportTo(code?: string): Promise<boolean> {
  return attempt(async () => {
    const path = await connector.exportSave(code);
    say({ icon: "download", subject: "", text: m.toast_exported({ path }) });
  });
}
