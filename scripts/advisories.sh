#!/usr/bin/env bash
# Open security advisories against what we depend on. Where the database cannot be reached
# (or the tool is missing) it says SKIPPED with the reason and succeeds: a build without
# network is no reason to fail, and no reason to claim that it looked.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

rust_advisories() {
  local tool
  if have cargo-deny; then
    tool=(cargo deny check advisories)
  elif have cargo-audit; then
    tool=(cargo audit)
  else
    say "SKIPPED advisories of Rust crates: neither cargo-deny nor cargo-audit is installed"
    return
  fi
  if ! GIT_TERMINAL_PROMPT=0 timeout 20 git ls-remote --exit-code https://github.com/RustSec/advisory-db HEAD >/dev/null 2>&1; then
    say "SKIPPED advisories of Rust crates: the RustSec database cannot be reached"
    return
  fi
  timeout 300 "${tool[@]}"
}

npm_advisories() {
  local answer folder failed=0
  need_node
  for folder in ui crates/testkit/authorization-server; do
    answer=$(cd "$folder" && timeout 60 npm audit --json --package-lock-only --fetch-retries=0 --fetch-timeout=20000 2>/dev/null) || true
    printf '%s' "$answer" | node scripts/npm-advisories.mjs "$folder" || failed=1
  done
  return "$failed"
}

rust_advisories
npm_advisories
