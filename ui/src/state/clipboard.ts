// Copying a text: the clipboard may be closed to the page; then the person selects it by hand.

import { m } from "../paraglide/messages.js";
import { say } from "./toasts.svelte";

/** True where `text` is in the clipboard; `said` tells what was copied. */
export async function copyText(text: string, said: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    say({ icon: "copy", subject: "", text: m.copy_by_hand() });
    return false;
  }
  say({ icon: "copy", subject: "", text: said });
  return true;
}
