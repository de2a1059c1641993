#!/usr/bin/env bash
# Runs every measurement in benches/, one after another, so that they do not disturb each other.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

need_rust
need_packages "$PACKAGES_CLI"
ran=0
for bench in benches/*.sh; do
  [ -x "$bench" ] || continue
  say "=== $bench"
  "$bench"
  ran=$((ran + 1))
done
[ $ran -gt 0 ] || stop "There is nothing to measure: benches/ has no executable script."
