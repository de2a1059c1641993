// Invented diagnostics and notices.

import type { DiagnosticsView, NoticeTestView } from "../bindings/types";

const text = (lines: string[]) => lines.join("\n") + "\n";
const file = (name: string, about: string, content: string) => ({ name, about, size: content.length, text: content, whole: true });

export const diagnosticsCommands = {
  diagnostics_look: (): DiagnosticsView => {
    const files = [
      file("README.txt", "What each file is, and what is not in here.", text(["Federation Connectors: diagnostics", "Made 2026-11-23T12:00:00.000Z. All times are UTC.", "", "What is in here", "  versions.txt    Versions of the app, the system and what reads the data file.", "  states.csv      How every connector stands.", "", "What is not in here", "  No key, password, token, passphrase or webhook secret, not even sealed."])),
      file("versions.txt", "Versions of the app, the system and what reads the data file.", text(["made at      2026-11-23T12:00:00.000Z", "app          0.1.0", "system       Debian GNU/Linux 12 (bookworm), x86_64", "SQLite       3.53.0", "web view     2.50.1"])),
      file("states.csv", "How every connector stands.", text(["code,name,status,state,auth", "foireann,Foireann,active,healthy,oauth2", "clubspot,Clubspot,error,action_needed,api_key"])),
      file("requests.csv", "The newest requests, at most 1,000 of each connector. Templates of addresses only.", text(Array.from({ length: 80 }, (_, i) => `foireann,2026-11-23T11:${String(59 - (i % 60)).padStart(2, "0")}:00.000Z,GET,/v1/clubs/{federation_org_id}/members,1,200,,${120 + i},48211`))),
    ];
    return { made_at: Date.now(), size: files.reduce((sum, one) => sum + one.size, 0), files };
  },
  diagnostics_save: () => "/home/aoife/Downloads/federation-connectors-diagnostics.zip",
  notice_test: (): NoticeTestView => ({ outcome: new URLSearchParams(location.search).has("no_service") ? "no_service" : "sent", quiet: false }),
};
