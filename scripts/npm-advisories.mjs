// Reads the JSON of `npm audit` on standard input and decides; the argument names what was audited. npm exits with 1 both for
// findings and for a registry that does not answer; only findings have `metadata.vulnerabilities`.
import { readFileSync } from "node:fs";

const place = process.argv[2] ?? "here";
let answer = {};
try {
  answer = JSON.parse(readFileSync(0, "utf8"));
} catch {
  // No answer at all is reported as skipped below.
}

const counts = answer.metadata?.vulnerabilities;
if (!counts) {
  console.log(`SKIPPED advisories of npm packages in ${place}: the registry does not answer audits`);
} else if (counts.total > 0) {
  for (const [name, found] of Object.entries(answer.vulnerabilities ?? {})) {
    console.log(`${found.severity}: ${name}`);
  }
  console.log(`${counts.total} npm packages in ${place} have open advisories`);
  process.exitCode = 1;
} else {
  console.log(`No open advisory against the npm packages in ${place}`);
}
