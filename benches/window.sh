#!/usr/bin/env bash
# The window from start to first paint, beside an empty Tauri window (release build, median of 12).
set -euo pipefail
cd "$(dirname "$0")/.."

(cd ui && npm run --silent build)
cargo build --release --quiet --workspace --bins --example empty-window # one set of features for every bench
dbus-run-session -- xvfb-run -a -s "-screen 0 1280x900x24 -dpi 96" \
  python3 benches/window.py target/release/federation-connectors target/release/examples/empty-window
