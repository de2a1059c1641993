// What the page loads once its first screen is painted, so that the first paint does not wait for it. Nobody
// asks for it by hand: it is there long before anybody has read the first screen.

type Screens = typeof import("../views/screens");

let loaded = $state.raw<Screens | null>(null);

/** The other screens, as soon as they are there. */
export function screens(): Screens | null {
  return loaded;
}

export async function loadScreens(): Promise<void> {
  loaded = await import("../views/screens");
}
