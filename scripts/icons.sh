#!/usr/bin/env bash
# Draws every icon file from icons/icon.svg (icons/icon-small.svg up to 32 pixels).
# Run it after changing a drawing and commit the result; builds do not need it.
# Needs rsvg-convert (Debian: librsvg2-bin) and node.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v rsvg-convert >/dev/null || { echo "icons: install librsvg2-bin first" >&2; exit 1; }

draw() { # draw SIZE FILE
  local source=icons/icon.svg
  if [ "$1" -le 32 ]; then source=icons/icon-small.svg; fi
  rsvg-convert --width "$1" --height "$1" --output "icons/$2" "$source"
}

draw 16 16x16.png
draw 32 32x32.png
draw 48 48x48.png
draw 64 64x64.png
draw 128 128x128.png
draw 256 128x128@2x.png
draw 512 icon.png
draw 1024 icon-1024.png

# Windows (.ico) and macOS (.icns) files are containers around the same PNG pictures.
node scripts/icon-containers.mjs
rm icons/icon-1024.png
