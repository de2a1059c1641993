// What is done about a connector's health, from Home, from its page and from the list.

import type { AttentionView } from "../bindings/types";
import { connector, health } from "../ipc";
import { insteadOf } from "../lib/sight";
import { m } from "../paraglide/messages.js";
import { attempt } from "./actions";
import { copyText } from "./clipboard";
import { go } from "./router.svelte";
import { session } from "./session.svelte";
import { say } from "./toasts.svelte";

/** Checks one connector now and says what came of it. */
export function checkNow(code: string, name: string): Promise<boolean> {
  return attempt(async () => {
    const done = (await health.checkAll({ codes: [code] })).find((one) => one.code === code);
    // What was asked and not answered well says so itself; what could not be asked says why.
    if (done?.problem && done.class) say({ icon: "octagon", subject: m.health_check_failed(), text: done.problem });
    else if (done?.problem) say({ icon: "octagon", subject: name, text: m.health_check_not({ why: done.problem }) });
    else if (done?.state === "healthy") say({ icon: "checkCircle", subject: name, text: m.health_checked_well() });
    session.connectors += 1;
  });
}

export function clearErrors(code: string, name: string): Promise<boolean> {
  return attempt(async () => {
    await health.clear(code);
    say({ icon: "checkCircle", subject: name, text: m.health_cleared() });
    session.connectors += 1;
  });
}

/** The text of a failure for an e-mail: into the clipboard; the answer is the text where that is closed. */
export async function copyFailure(code: string, errorId?: string): Promise<string | null> {
  let left: string | null = null;
  await attempt(async () => {
    const text = await health.text(code, errorId);
    if (!(await copyText(text, m.health_copied()))) left = text;
  });
  return left;
}

/** Does, or opens, what a thing that needs a person asks for. */
export async function act(item: AttentionView): Promise<void> {
  const { code, org } = item;
  const instead = insteadOf(item, session.appearance.view);
  if (instead === "run" && item.plan_id !== null) return void (await go({ name: "run", run: item.plan_id }));
  if (instead !== null) return void (await go({ name: "detail", code }));
  // These two are decided where they are told in full.
  if (item.kind === "undone" && item.plan_id !== null) return void (await go({ name: "run", run: item.plan_id }));
  if (item.kind === "missed_runs") return void (await go({ name: "clubs" }));
  switch (item.action) {
    case "sign_in": return void (await go({ name: "detail", code, signIn: item.state !== "waiting_for_browser" }));
    case "replace_key": return void (await go({ name: "detail", code, replaceKey: true }));
    case "open_settings": return void (await go({ name: "edit", code }));
    case "review_plan":
      if (org === null) return void (await go({ name: "detail", code }));
      return void (await go({ name: "preview", code, org, ...(item.plan_id === null ? {} : { run: item.plan_id }) }));
    case "retry":
      if (org !== null) return void (await go({ name: "preview", code, org }));
      return void (await checkNow(code, item.name));
    case "check": return void (await checkNow(code, item.name));
    case "resume":
      return void (await attempt(async () => {
        await connector.setStatus(code, "active");
        say({ icon: "play", subject: item.name, text: m.toast_resumed() });
      }));
  }
}
