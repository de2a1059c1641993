// Which screen is shown. The way back is kept; a screen with unsaved work can ask before it is left.

export type SettingsSection = "key" | "file" | "backups" | "health" | "privacy" | "activity" | "appearance" | "notices" | "practice" | "templates" | "doctor" | "about" | "view";

export type Route =
  | { name: "home" }
  | { name: "connectors" }
  /** The error log, of one connector where `code` is given. */
  | { name: "errors"; code?: string }
  | { name: "clubs" }
  /** The plan of a club; a new one is made where `run` is absent. */
  | { name: "preview"; code: string; org: string; run?: string }
  | { name: "members"; org?: string; member?: string }
  | { name: "runs"; code?: string; org?: string }
  | { name: "run"; run: string }
  | { name: "add"; preset?: string }
  | { name: "edit"; code: string }
  | { name: "detail"; code: string; test?: boolean; signIn?: boolean; replaceKey?: boolean }
  | { name: "templates" }
  /** One template; without `id` a new one, as a copy of `from` where that is given. With both: the one that was begun so. */
  | { name: "template"; id?: string; from?: string }
  | { name: "settings"; section: SettingsSection };

export const router = $state<{
  route: Route;
  back: Route[];
  /** Names of connectors by code, as far as they were shown, for the path. */
  names: Record<string, string>;
  /** Names of clubs by their own id, likewise. */
  clubs: Record<string, string>;
}>({ route: { name: "home" }, back: [], names: {}, clubs: {} });

type Guard = () => Promise<boolean>;
let guard: Guard | null = null;

/** Asks `ask` before the screen is left; the answer takes the question back. */
export function guardLeaving(ask: Guard): () => void {
  guard = ask;
  return () => {
    if (guard === ask) guard = null;
  };
}

async function mayLeave(): Promise<boolean> {
  return guard === null || (await guard());
}

/** Shows `route`; false where the person stays. */
export async function go(route: Route): Promise<boolean> {
  if (!(await mayLeave())) return false;
  guard = null;
  router.back = [...router.back.slice(-20), router.route];
  router.route = route;
  return true;
}

/** Shows `route` in the place of the present screen, without asking and without a way back to it. */
export function replace(route: Route): void {
  guard = null;
  router.route = route;
}

/** One step back; without any, to Home. */
export async function goBack(): Promise<void> {
  if (!(await mayLeave())) return;
  guard = null;
  router.route = router.back.at(-1) ?? { name: "home" };
  router.back = router.back.slice(0, -1);
}

/** Forgets the way back, e.g. when the file is locked. */
export function resetRouter(route: Route = { name: "home" }): void {
  guard = null;
  router.back = [];
  router.names = {};
  router.clubs = {};
  router.route = route;
}
