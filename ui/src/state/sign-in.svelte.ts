// The sign-ins that this window runs, by connector. They outlive the screen that started them, so that
// somebody who looks elsewhere meanwhile finds them again.

import type { ConnectorView, Redirect } from "../bindings/types";
import { tell, type Told } from "../errors";
import { signIn } from "../ipc";
import type { Attempt } from "../lib/sign-in";
import { m } from "../paraglide/messages.js";
import { session } from "./session.svelte";
import { say } from "./toasts.svelte";

export const signIns = $state<{
  running: Record<string, Attempt & { number: number }>;
  /** Why the last attempt of this window came to nothing. */
  failed: Record<string, Told & { at: number }>;
}>({ running: {}, failed: {} });

let last = 0;

/** Signs in and answers when it has ended: true where there is a token now. */
export async function startSignIn(view: ConnectorView, how: { redirect?: Redirect; device?: boolean } = {}): Promise<boolean> {
  const { code } = view;
  last += 1;
  const number = last;
  const mine = () => signIns.running[code]?.number === number;
  const before = signIns.running[code] !== undefined || view.sign_in?.state === "waiting";
  signIns.running[code] = { number, step: null, since: Date.now() };
  delete signIns.failed[code];
  try {
    if (before) await signIn.cancel(code).catch(() => undefined);
    const after = await signIn.start({ code, device: how.device ?? false, ...(how.redirect ? { redirect: how.redirect } : {}) }, true, (step) => {
      const attempt = signIns.running[code];
      if (attempt && mine()) signIns.running[code] = { ...attempt, step, since: Date.now() };
    });
    if (!mine()) return false;
    delete signIns.running[code];
    say({ icon: "checkCircle", subject: after.name, text: after.sign_in?.needs_person === false ? m.toast_token() : m.toast_signed_in() });
    return true;
  } catch (refusal) {
    // An attempt that another one has replaced says nothing any more.
    if (!mine()) return false;
    delete signIns.running[code];
    const told = tell(refusal);
    if (told.code !== "cancelled") signIns.failed[code] = { ...told, at: Date.now() };
    return false;
  } finally {
    session.connectors += 1;
  }
}

export async function cancelSignIn(code: string): Promise<void> {
  try {
    await signIn.cancel(code);
  } finally {
    delete signIns.running[code];
    session.connectors += 1;
  }
}

/** Forgets what was tried, e.g. when the credentials were replaced. */
export function forgetFailure(code: string): void {
  delete signIns.failed[code];
}

/** Forgets everything, when the file is locked. */
export function clearSignIns(): void {
  signIns.running = {};
  signIns.failed = {};
}
