#!/usr/bin/env bash
# The long form of the tests that have one: kills, canaries, damaged files, renewals, and links that the
# desktop delivers. `make test` runs a short form of each; here FC_ROUNDS=full gives the number
# of rounds that we promise.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

need_rust
need_node
need_packages "$PACKAGES_TEST"
need_ui_packages
need_peer_packages
need_ui_dist
log=$TARGET/soak.log
FC_ROUNDS=full cargo test --workspace -- --nocapture kill_ canary_ fuzz_ soak_ attack_58 attack_59 2>&1 | tee "$log"
# A renamed test must not turn this into a run of nothing.
grep -Eq '^test result: ok\. [1-9]' "$log" || stop "No test with a long form was found."

# The links need a display and a session bus; elsewhere than on Linux this says so.
cargo build --workspace --bin fedctl
FC_ROUNDS=full scripts/window-tests.sh with_keychain \
  cargo test --workspace --test e2e -- --test-threads=1 --nocapture soak_ 2>&1 | tee "$log"
grep -Eq '^test result: ok\. [1-9]|^SKIPPED' "$log" || stop "No test of links with a long form was found."
