#!/usr/bin/env bash
# Installs what is missing and runs every test. Prints the time of each suite and stops at
# the first one that fails, with its exit code. The last line counts the tests that really
# ran, read from the suites' own closing lines.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

LOGS=$TARGET/test-logs
REPORT=()
STARTED=$SECONDS

# Runs one suite, shows its output and keeps it in a file for counting. `tee` is waited for
# apart and not for ever: a process that a test left behind would hold its pipe open.
suite() { # suite NAME COMMAND…
  local name=$1 log from=$SECONDS code=0 tee_pid tries=0
  shift
  log="$LOGS/$(printf '%02d' ${#REPORT[@]})-${name// /-}.log"
  printf '\n=== %s\n' "$name"
  exec 3> >(exec tee "$log")
  tee_pid=$!
  # Not `if "$@"`: that would switch `set -e` off inside a function.
  set +e
  (set -e; "$@") >&3 2>&1 </dev/null 3>&-
  code=$?
  set -e
  exec 3>&-
  while kill -0 "$tee_pid" 2>/dev/null && [ $tries -lt 50 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
  REPORT+=("$(printf '%5d s  %s' $((SECONDS - from)) "$name")")
  if [ $code -ne 0 ]; then
    closing
    printf 'FAILED: %s (exit code %d)\n' "$name" "$code"
    exit $code
  fi
}

closing() {
  printf '\n=== Times\n'
  printf '%s\n' "${REPORT[@]}"
  printf '%5d s  in all\n' $((SECONDS - STARTED))
  grep -h '^SKIPPED' "$LOGS"/*.log || true
  awk '
    { gsub(/\033\[[0-9;]*m/, "") }
    # cargo: test result: ok. 12 passed; 0 failed; …
    /^test result: / { passed += $4; failed += $6 }
    # Vitest:  Tests  1 failed | 12 passed (13)
    /^ *Tests  +[0-9]/ {
      for (i = 2; i <= NF; i++) { if ($i == "passed") passed += $(i - 1); if ($i == "failed") failed += $(i - 1) }
    }
    END { printf "%d passed, %d failed\n", passed, failed }
  ' "$LOGS"/*.log
}

rust_tests() {
  need_ui_dist # the app does not compile without it
  cargo test --workspace -- --skip journeys::
}

# Apart, for a time of their own; a plain cargo test runs them too.
peer_tests() {
  need_peer_packages
  cargo test -p connectors --test peer
}

lints() {
  need_ui_dist
  cargo clippy --workspace --all-targets -- -D warnings
}

ui() { (cd ui && npm run "$1"); }

mkdir -p "$LOGS"
rm -f "$LOGS"/*.log

need_rust
need_rust_component rustfmt
need_rust_component clippy
need_node
need_packages "$PACKAGES_TEST"

suite "format" cargo fmt --all --check
suite "ui packages" need_ui_packages
suite "ui types" ui check
suite "ui unit tests" ui test
suite "ui build" need_ui_dist
suite "lints" lints
suite "cargo tests, licences and bindings among them" rust_tests
suite "signing in at a certified server" peer_tests
suite "advisories" scripts/advisories.sh
suite "window tests with a keychain" scripts/window-tests.sh with_keychain
suite "window tests without a keychain" scripts/window-tests.sh without_keychain
closing
