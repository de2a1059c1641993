#!/usr/bin/env bash
# Runs the window tests on a display of their own, in a session bus of their own and a
# home folder of their own:
#   window-tests.sh with_keychain       gnome-keyring runs and is unlocked
#   window-tests.sh without_keychain    nobody answers for org.freedesktop.secrets
# The argument is also the filter for the test names. Anything more on the command line
# replaces the tests, to try the session itself: window-tests.sh with_keychain secret-tool …
# Everything that was started ends with the script, whatever happens.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

LIMIT=${FC_WINDOW_TESTS_LIMIT:-1500} # seconds for one setting; a hung web view must not hang the run

setting=${1:-}
case $setting in
  with_keychain | without_keychain) ;;
  *) stop "usage: scripts/window-tests.sh with_keychain|without_keychain [COMMAND…]" ;;
esac
shift

if [ "$(uname)" != Linux ]; then
  say "SKIPPED window tests $setting: they need Linux (Xvfb and WebKitWebDriver)"
  exit 0
fi

need_rust
need_node
need_packages "$PACKAGES_TEST"
need_tauri_driver
need_peer_packages

if [ $# -gt 0 ]; then
  command=("$@")
else
  need_ui_dist
  # Built outside the session, so that its time limit covers the tests alone.
  cargo test --workspace --test e2e --no-run
  cargo build --workspace --bin fedctl # beside the app: some journeys use both
  command=(cargo test --workspace --test e2e -- --test-threads=1 "$setting")
fi

# HOME changes inside, so that cargo and rustup must be told where they live.
CARGO_HOME=$(realpath -m "${CARGO_HOME:-$HOME/.cargo}")
RUSTUP_HOME=$(realpath -m "${RUSTUP_HOME:-$HOME/.rustup}")
home=$(mktemp -d "${TMPDIR:-/tmp}/fc-window.XXXXXX")
mkdir -m 700 "$home/runtime"

# Every process of this run carries the mark in its environment, also one that has left its
# process group; so exactly these are ended, by their ids.
mark="FC_WINDOW_TESTS=$(basename "$home")"

# shellcheck disable=SC2317 # the trap calls it
marked() {
  local environment pid
  for environment in /proc/[0-9]*/environ; do
    pid=${environment#/proc/}
    pid=${pid%/environ}
    if [ "$pid" != $$ ] && tr '\0' '\n' 2>/dev/null <"$environment" | grep -Fqx "$mark"; then printf '%s\n' "$pid"; fi
  done 2>/dev/null
}

# shellcheck disable=SC2317,SC2086 # the trap calls it; `pids` is a list of numbers
clean_up() {
  local pids tries=0
  pids=$(marked)
  if [ -n "$pids" ]; then kill $pids 2>/dev/null || true; fi
  while pids=$(marked) && [ -n "$pids" ] && [ $tries -lt 20 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
  if [ -n "$pids" ]; then kill -9 $pids 2>/dev/null || true; fi
  rm -rf "$home"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

session=(
  env
  -u DBUS_SESSION_BUS_ADDRESS -u WAYLAND_DISPLAY -u DISPLAY -u XAUTHORITY
  -u GNOME_KEYRING_CONTROL -u SSH_AUTH_SOCK -u XDG_CURRENT_DESKTOP
  "$mark"
  "PATH=$TOOLS/bin:$PATH" "CARGO_HOME=$CARGO_HOME" "RUSTUP_HOME=$RUSTUP_HOME"
  "HOME=$home" "XDG_RUNTIME_DIR=$home/runtime" "XDG_DATA_HOME=$home/.local/share"
  "XDG_CONFIG_HOME=$home/.config" "XDG_CACHE_HOME=$home/.cache" "TMPDIR=$home"
  GDK_BACKEND=x11 LIBGL_ALWAYS_SOFTWARE=1 WEBKIT_DISABLE_DMABUF_RENDERER=1 NO_AT_BRIDGE=1 LC_ALL=C.UTF-8
  dbus-run-session "--config-file=$ROOT/scripts/session-bus.conf" --
  xvfb-run --auto-servernum --server-args="-screen 0 1280x900x24 -dpi 96"
  "$ROOT/scripts/window-session.sh" "$setting" "${command[@]}"
)

# Through a file and not a pipe: a process that a test left behind would hold the pipe open.
code=0
touch "$home/output"
timeout --kill-after=10 "$LIMIT" "${session[@]}" </dev/null >"$home/output" 2>&1 &
running=$!
tail --pid="$running" --sleep-interval=0.2 -n +1 -f "$home/output" &
showing=$!
wait "$running" || code=$?
wait "$showing" || true
if [ $code -eq 124 ] || [ $code -eq 137 ]; then
  say "The window tests $setting did not end within $LIMIT seconds."
elif [ $code -eq 0 ] && [ $# -eq 0 ] && ! grep -Eq '^test result: ok\. [1-9]' "$home/output"; then
  stop "No window test has $setting in its name, so nothing was tested."
fi
exit $code
