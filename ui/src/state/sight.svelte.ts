// What the chosen view leaves to do, as the window stands now.

import { seesEverything, seesMembers } from "../lib/sight";
import { session } from "./session.svelte";

export const sight = {
  get members(): boolean {
    return seesMembers(session.appearance.view);
  },
  get everything(): boolean {
    return seesEverything(session.appearance.view);
  },
};
