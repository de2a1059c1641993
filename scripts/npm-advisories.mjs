// Reads the JSON of `npm audit` on standard input and decides. npm exits with 1 both for
// findings and for a registry that does not answer; only findings have `metadata.vulnerabilities`.
import { readFileSync } from "node:fs";

let answer = {};
try {
  answer = JSON.parse(readFileSync(0, "utf8"));
} catch {
  // No answer at all is reported as skipped below.
}

const counts = answer.metadata?.vulnerabilities;
if (!counts) {
  console.log("SKIPPED advisories of npm packages: the registry does not answer audits");
} else if (counts.total > 0) {
  for (const [name, found] of Object.entries(answer.vulnerabilities ?? {})) {
    console.log(`${found.severity}: ${name}`);
  }
  console.log(`${counts.total} npm packages have open advisories`);
  process.exitCode = 1;
} else {
  console.log("No open advisory against the npm packages");
}
