#!/usr/bin/env bash
# Builds the Debian package: the app, fedctl beside it, the icon and the desktop entry.
# With --debug it packs an unoptimised build, to try the packaging itself.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

need_rust
need_node
need_packages "$PACKAGES_APP"
need_ui_packages
need_tauri_cli

profile=release
cargo_flags=(--release)
tauri_flags=()
if [ "${1:-}" = --debug ]; then
  profile=debug
  cargo_flags=()
  tauri_flags=(--debug)
fi

cargo build "${cargo_flags[@]}" -p fedctl
# The path depends on the profile, so it is given here and not in tauri.conf.json.
files="{\"bundle\":{\"linux\":{\"deb\":{\"files\":{\"/usr/bin/fedctl\":\"$TARGET/$profile/fedctl\"}}}}}"
"$TOOLS/node_modules/.bin/tauri" build "${tauri_flags[@]}" --ci --bundles deb --config "$files"

for package in "$TARGET/$profile"/bundle/deb/*.deb; do
  say "$package: $(($(stat -c %s "$package") / 1024)) KiB"
done
