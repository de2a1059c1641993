#!/usr/bin/env bash
# The window from start to first paint and its memory, beside the smallest Tauri app (release build, in turns).
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

if [ "$(uname)" != Linux ]; then
  say "SKIPPED the window's times: they are read from the screen of an Xvfb (Linux)"
  exit 0
fi
need_rust
need_node
need_packages "$PACKAGES_APP xvfb xauth dbus python3"
need_ui_packages
need_ui_dist
cargo build --release --quiet --workspace --bins --example empty-window # one set of features for every bench

screen=$(mktemp -d "${TMPDIR:-/tmp}/fc-screen.XXXXXX")
trap 'rm -rf "$screen"' EXIT
env -u WAYLAND_DISPLAY GDK_BACKEND=x11 NO_AT_BRIDGE=1 LC_ALL=C.UTF-8 FC_BENCH_SCREEN="$screen" \
  dbus-run-session "--config-file=$ROOT/scripts/session-bus.conf" -- \
  xvfb-run --auto-servernum --server-args="-screen 0 1280x900x24 -dpi 96 -fbdir $screen" \
  python3 "$ROOT/benches/window.py" "$TARGET/release/federation-connectors" "$TARGET/release/examples/empty-window"
