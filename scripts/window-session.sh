#!/usr/bin/env bash
# The inside of window-tests.sh, where a display and a session bus already run: starts the
# keychain (or makes sure that there is none) and tauri-driver, then the given command.
#   window-session.sh with_keychain|without_keychain COMMAND…
# The command finds the WebDriver in FC_WEBDRIVER_URL and its setting in FC_KEYCHAIN.
set -euo pipefail

setting=$1
shift

secret_service_has_owner() {
  dbus-send --session --print-reply --dest=org.freedesktop.DBus /org/freedesktop/DBus \
    org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q 'boolean true'
}

wait_until() { # wait_until SECONDS WHAT COMMAND…
  local tenths=$(($1 * 10)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    tenths=$((tenths - 1))
    if [ $tenths -le 0 ]; then
      echo "window tests: $what did not come up" >&2
      exit 1
    fi
    sleep 0.1
  done
}

# shellcheck disable=SC2317 # wait_until calls it
port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

if [ "$setting" = with_keychain ]; then
  # The password of a login keyring that lives as long as this folder.
  printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null
  wait_until 10 "gnome-keyring" secret_service_has_owner
  # A keyring that runs but is locked would open a prompt that nobody answers.
  printf probe | timeout 10 secret-tool store --label=probe window-tests probe
  [ "$(timeout 10 secret-tool lookup window-tests probe)" = probe ]
  timeout 10 secret-tool clear window-tests probe
  export FC_KEYCHAIN=yes
else
  if timeout 10 secret-tool lookup window-tests probe 2>/dev/null || secret_service_has_owner; then
    echo "window tests: a Secret Service answers, although there should be none" >&2
    exit 1
  fi
  export FC_KEYCHAIN=no
fi

# Two free ports of this moment, so that two checkouts can be tested at once.
read -r port native_port < <(node -e '
  const { createServer } = require("node:net");
  const servers = [createServer(), createServer()];
  let waiting = servers.length;
  for (const server of servers) {
    server.listen(0, "127.0.0.1", () => {
      waiting -= 1;
      if (waiting > 0) return;
      console.log(servers.map((each) => each.address().port).join(" "));
      for (const each of servers) each.close();
    });
  }
')
tauri-driver --port "$port" --native-port "$native_port" &
wait_until 10 "tauri-driver" port_answers "$port"
wait_until 10 "WebKitWebDriver" port_answers "$native_port"
export FC_WEBDRIVER_URL="http://127.0.0.1:$port"

# Not exec: the driver is this shell's child and ends with the session.
code=0
"$@" || code=$?
kill %1 2>/dev/null || true
exit $code
