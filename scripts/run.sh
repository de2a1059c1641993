#!/usr/bin/env bash
# Opens the app, after installing and building what is missing. Without a display it
# says so and runs the demo on the command line instead.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

# Links of a sign-in lead to the build of this folder, as long as no installed app takes them. Written
# by hand: the Exec line that Tauri writes is quoted, which xdg-open does not understand outside a
# desktop session.
need_link_handler() {
  local scheme=x-scheme-handler/com.playerarc.connectors name=federation-connectors-dev.desktop
  local folder=${XDG_DATA_HOME:-$HOME/.local/share}/applications program present
  { [ "$(uname)" = Linux ] && have xdg-mime; } || return 0
  program=$(realpath -m "$TARGET")/debug/federation-connectors
  case $program in
    *[!A-Za-z0-9/._-]*)
      say "Links do not lead to this build: its path has characters that a desktop entry must quote."
      return
      ;;
  esac
  present=$(xdg-mime query default "$scheme" 2>/dev/null || true)
  [ -z "$present" ] || [ "$present" = "$name" ] || return 0
  mkdir -p "$folder" || return 0
  cat >"$folder/$name" <<ENTRY || return 0
[Desktop Entry]
Type=Application
Name=Federation Connectors (development)
Exec=$program %u
Terminal=false
NoDisplay=true
StartupWMClass=federation-connectors
MimeType=$scheme;
ENTRY
  if have update-desktop-database; then update-desktop-database -q "$folder" || true; fi
  if [ -z "$present" ]; then
    xdg-mime default "$name" "$scheme" || say "Links of a sign-in could not be registered; use the loopback instead."
  fi
}

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
need_link_handler
exec cargo run -p federation-connectors
