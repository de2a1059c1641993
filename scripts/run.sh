#!/usr/bin/env bash
# Opens the app, after installing and building what is missing. Without a display it
# says so and runs the demo on the command line instead.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

if ! has_display; then
  say "There is no display here, so no window can open. Running the command-line demo instead (make demo)."
  exec scripts/demo.sh
fi

need_rust
need_node
need_packages "$PACKAGES_APP"
need_ui_packages
need_ui_dist
# WebKitGTK shows a blank window with some graphics drivers otherwise.
export WEBKIT_DISABLE_DMABUF_RENDERER="${WEBKIT_DISABLE_DMABUF_RENDERER:-1}"
exec cargo run -p federation-connectors
