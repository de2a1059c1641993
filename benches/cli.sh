#!/usr/bin/env bash
# How long the command line takes as a process, from start to end, with the key in a keychain:
# a release build, gnome-keyring on a bus of its own, 10,000 connectors. The median decides.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

CONNECTORS=${FC_BENCH_CONNECTORS:-10000}
RUNS=${FC_BENCH_RUNS:-40}
FEDCTL=$TARGET/release/fedctl

# Prints the milliseconds of each run, sorted, one a line.
measure() { # measure COMMAND…
  local run from to
  "$@" >/dev/null # once to warm the caches, and to stop here if it fails
  for ((run = 0; run < RUNS; run++)); do
    from=${EPOCHREALTIME/[.,]/}
    "$@" >/dev/null
    to=${EPOCHREALTIME/[.,]/}
    printf '%d.%03d\n' $(((to - from) / 1000)) $(((to - from) % 1000))
  done | sort -n
}

# One line of the table; fails where the median is over the bar. Without a bar it only informs.
report() { # report WHAT BAR_MS COMMAND…
  local what=$1 bar=$2
  shift 2
  measure "$@" | awk -v what="$what" -v bar="$bar" '
    { ms[NR] = $1 }
    END {
      median = ms[int((NR + 1) / 2)]; p95 = ms[int(NR * 0.95 + 0.5)]
      verdict = bar == "-" ? "-" : (median < bar ? "PASS" : "FAIL")
      printf "%-52s %8.1f %8.1f %8.1f %6s  %s\n", what, ms[1], median, p95, bar, verdict
      exit verdict == "FAIL"
    }'
}

connectors() { # connectors NUMBER
  local number
  for ((number = 1; number <= $1; number++)); do
    cat <<TOML
[[connector]]
code = "club_$number"
name = "Cumann Lúthchleas Gael $number"
[connector.auth]
kind = "api_key"
[connector.endpoints]
base = "https://api.example.org/$number"
membership_list = "/v1/members"
TOML
  done
}

inside() {
  local failed=0
  printf bench | gnome-keyring-daemon --unlock --components=secrets >/dev/null
  printf probe | timeout 10 secret-tool store --label=probe bench probe ||
    stop "The keychain of this measurement did not come up."
  export FEDERATION_CONNECTORS_DATA_DIR=$HOME/data
  "$FEDCTL" --quiet init
  connectors "$CONNECTORS" >"$HOME/connectors.toml"
  printf '\n%-52s %8s %8s %8s %6s\n' "milliseconds as a process, $RUNS runs" best median p95 bar
  report "fedctl --version (no file, no keychain)" - "$FEDCTL" --version
  report "secret-tool lookup (the keychain alone)" - secret-tool lookup bench probe
  report "fedctl status, no connectors" 50 "$FEDCTL" status || failed=1
  "$FEDCTL" --quiet connector import "$HOME/connectors.toml"
  [ "$("$FEDCTL" --json connector list | grep -o '"code":' | wc -l)" -eq "$CONNECTORS" ] ||
    stop "The list does not have $CONNECTORS connectors, so nothing can be said about it."
  report "fedctl status, $CONNECTORS connectors" 50 "$FEDCTL" status || failed=1
  report "fedctl --json connector list, $CONNECTORS connectors" 100 "$FEDCTL" --json connector list || failed=1
  report "fedctl connector list --search 'gael 77'" - "$FEDCTL" connector list --search "gael 77"
  report "fedctl connector show" - "$FEDCTL" connector show club_77
  return $failed
}

if [ "${1:-}" = --inside ]; then
  inside
  exit
fi

if [ "$(uname)" != Linux ]; then
  say "SKIPPED the command line's times: they need gnome-keyring on a bus of their own (Linux)"
  exit 0
fi
need_rust
need_packages "$PACKAGES_CLI dbus gnome-keyring libsecret-tools"
cargo build --release --quiet --workspace --bins --example empty-window # one set of features for every bench

home=$(mktemp -d "${TMPDIR:-/tmp}/fc-bench.XXXXXX")
mkdir -m 700 "$home/runtime"
# The keyring ends with its bus; its folder goes here.
trap 'rm -rf "$home"' EXIT
env -u DBUS_SESSION_BUS_ADDRESS -u DISPLAY -u WAYLAND_DISPLAY -u GNOME_KEYRING_CONTROL \
  HOME="$home" XDG_RUNTIME_DIR="$home/runtime" XDG_DATA_HOME="$home/.local/share" LC_ALL=C.UTF-8 \
  CARGO_TARGET_DIR="$TARGET" \
  dbus-run-session "--config-file=$ROOT/scripts/session-bus.conf" -- "$ROOT/benches/cli.sh" --inside
