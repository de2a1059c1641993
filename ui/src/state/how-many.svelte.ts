// How many clubs and members there are, for the navigation. What cannot be asked for is not told.

import { member, org } from "../ipc";
import { session } from "./session.svelte";

export const howMany = $state<{ clubs: number | null; people: number | null }>({ clubs: null, people: null });

/** Asks again. The support view shows neither clubs nor members. */
export async function readHowMany(): Promise<void> {
  if (session.appearance.view === "support") {
    howMany.clubs = null;
    howMany.people = null;
    return;
  }
  await Promise.all([
    member.search({ search: "", filter: "all", sort: "name", descending: false, limit: 1 }).then(
      (found) => (howMany.people = found.all),
      () => (howMany.people = null),
    ),
    org.list({ search: "", sort: "name", descending: false, offset: 0, limit: 1 }).then(
      (list) => (howMany.clubs = list.all),
      () => (howMany.clubs = null),
    ),
  ]);
}
