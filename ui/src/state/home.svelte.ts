// How everything stands, read once for the navigation and for Home, and again with every piece of news. Readings do not pile
// up: what happens while one is under way is one more after it.

import type { HomeView } from "../bindings/types";
import { tell, type Told } from "../errors";
import { health } from "../ipc";

export const home = $state<{ view: HomeView | null; told: Told | null }>({ view: null, told: null });

let reading = false;
let again = false;
/** Counts forgettings; an answer of before says nothing any more. */
let life = 0;

export async function readHome(): Promise<void> {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  const mine = life;
  try {
    const view = await health.home();
    if (mine === life) {
      home.view = view;
      home.told = null;
    }
  } catch (refusal) {
    if (mine === life) home.told = tell(refusal);
  } finally {
    reading = false;
  }
  if (again) {
    again = false;
    await readHome();
  }
}

/** Forgets everything, when the file is locked. */
export function clearHome(): void {
  life += 1;
  again = false;
  home.view = null;
  home.told = null;
}
