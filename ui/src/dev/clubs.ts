// Invented clubs for development without the shell. Never part of a production build.

import type { ClubConnectRequest, ClubListRequest, ClubView, ConnectorView } from "../bindings/types";

const HOUR = 3_600_000;
const NAMES = ["Ardmore Emmets", "Baile Uí Dhuibh", "Carrickdemo Camogie Club", "Dunexample Harps", "Inistriail Ladies", "Kilsample Rovers", "Rathmodel"];
const FEDERATION: Record<string, string> = { "club-1001": "Cumann Bhaile an Chleachtaidh", "club-1002": "Kilsample Rovers" };

let clubs: ClubView[] | null = null;

function clubOf(connector: ConnectorView, request: Omit<ClubConnectRequest, "code">): ClubView {
  return {
    id: `0191-${connector.code}-${request.org}`,
    code: connector.code,
    connector_name: connector.name,
    connector_state: connector.state,
    org: request.org,
    name: request.name,
    federation_org: request.federation_org,
    federation_name: request.federation_name ?? null,
    state: "never_synced",
    enabled_at: Date.now(),
    disconnected_at: null,
    last_sync_at: null,
    consecutive_failures: 0,
    last_error_at: null,
    last_error_class: null,
    last_error_finding: null,
    schedule: { by_file: false, next_at: null, retry_at: null, gave_up_at: null, question: null, waits: null },
  };
}

/** The clubs of these connectors, invented once. */
function all(connectors: ConnectorView[]): ClubView[] {
  clubs ??= connectors.slice(0, 3).flatMap((connector, place) =>
    NAMES.slice(place * 2).map((name, index): ClubView => {
      const made = clubOf(connector, { org: name.toLowerCase().replaceAll(" ", "-"), name, federation_org: `club-${1001 + index}` });
      const nightly = { by_file: false, next_at: Date.now() + 9 * HOUR, retry_at: null, gave_up_at: null, question: null, waits: null };
      if (index === 0) made.schedule = { ...nightly, waits: "ready" };
      if (index === 1) made.schedule = { ...nightly, question: { at: Date.now() - 30 * HOUR, missed: 3 }, waits: "held" };
      if (index === 3) made.schedule = { ...nightly, retry_at: Date.now() + HOUR / 15 };
      if (index === 4) made.schedule = { ...nightly, gave_up_at: Date.now() - HOUR };
      if (index === 2) return { ...made, state: "failing", consecutive_failures: 3, last_error_at: Date.now() - HOUR, last_error_class: "not_found", last_error_finding: "not_found" };
      return index % 2 === 0 ? { ...made, state: "synced", last_sync_at: Date.now() - (index + 1) * 9 * HOUR } : made;
    }),
  );
  return clubs;
}

export function listClubs(connectors: ConnectorView[], request: ClubListRequest) {
  const fold = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const of = all(connectors).filter((club) => request.code === undefined || club.code === request.code);
  const found = of.filter((club) => fold(request.search).split(/\s+/).every((word) => fold(`${club.name} ${club.org} ${club.federation_org} ${club.connector_name}`).includes(word)));
  found.sort((a, b) => (request.sort === "name" ? a.name.localeCompare(b.name) : (a.last_sync_at ?? 0) - (b.last_sync_at ?? 0)));
  if (request.descending) found.reverse();
  return { rows: found.slice(request.offset, request.offset + (request.limit ?? found.length)), total: found.length, all: of.length };
}

/** The fields that are connected already. */
export function takenFields(connectors: ConnectorView[], request: ClubConnectRequest): string[] {
  const there = all(connectors).filter((club) => club.code === request.code);
  return [
    ...(there.some((club) => club.org === request.org) ? ["org"] : []),
    ...(there.some((club) => club.federation_org === request.federation_org) ? ["federation_org"] : []),
  ];
}

export function connectClub(connectors: ConnectorView[], connector: ConnectorView, request: ClubConnectRequest): ClubView {
  const made = clubOf(connector, request);
  clubs = [...all(connectors), made];
  return made;
}

export function disconnectClub(connectors: ConnectorView[], code: string, org: string): ClubView | undefined {
  const found = all(connectors).find((club) => club.code === code && club.org === org);
  clubs = all(connectors).filter((club) => club !== found);
  return found && { ...found, state: "disconnected", disconnected_at: Date.now() };
}

export function federationName(id: string): string | undefined {
  return FEDERATION[id];
}
