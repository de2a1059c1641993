// Previews that are being made. Leaving the screen does not stop one; who comes back sees the same one again.

import type { RunView, SyncProgressView } from "../bindings/types";
import { sync } from "../ipc";
import type { Begun } from "../lib/underway";

interface Making {
  far: SyncProgressView | null;
  plan: Promise<RunView>;
}

const making = $state<Record<string, Making>>({});

const keyOf = (code: string, org: string) => `${code}\n${org}`;

/** How far the preview of a club is; null before its first page, and where somebody else makes it. */
export function progressOf(code: string, org: string): SyncProgressView | null {
  return making[keyOf(code, org)]?.far ?? null;
}

/** All that this window makes. */
export function begun(): Begun[] {
  return Object.entries(making).map(([key, one]) => {
    const [code = "", org = ""] = key.split("\n");
    return { code, org, far: one.far };
  });
}

/** The preview of a club: the one that is being made, or a new one. */
export function previewOf(code: string, org: string): Promise<RunView> {
  const key = keyOf(code, org);
  const there = making[key];
  if (there) return there.plan;
  const plan = sync
    .preview(code, org, (far) => {
      const mine = making[key];
      if (mine) mine.far = far;
    })
    .finally(() => delete making[key]);
  making[key] = { far: null, plan };
  // Whoever looks handles the refusal; where nobody looks any more, the run says it.
  plan.catch(() => undefined);
  return plan;
}
