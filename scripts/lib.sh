# shellcheck shell=bash
# What the other scripts share: finding the tools, and installing what is missing.
# Sourced, never run. Every function either leaves the thing in place or stops the
# script with a sentence that says what to do.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
ROOT=$PWD
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
STAMPS=$TARGET/stamps
TOOLS=$TARGET/tools

# What fedctl needs to compile (SQLCipher uses the system's libcrypto), what the window
# adds to that, and what the window tests add again.
PACKAGES_CLI="build-essential pkg-config libssl-dev"
PACKAGES_APP="$PACKAGES_CLI libwebkit2gtk-4.1-dev librsvg2-dev libayatana-appindicator3-dev"
# shellcheck disable=SC2034 # for the scripts that source this one
PACKAGES_TEST="$PACKAGES_APP webkit2gtk-driver xvfb xauth dbus dbus-x11 gnome-keyring libsecret-tools libglib2.0-bin xdg-utils desktop-file-utils"

TAURI_DRIVER_VERSION=2.1.0 # 3.x is an alpha
TAURI_CLI_VERSION=2.12.5    # of the same 2.x as tauri in Cargo.toml
NODE_AT_LEAST=20.19.0      # Vite 8
RUST_AT_LEAST=1.90.0       # rust-version in Cargo.toml

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

at_least() { # at_least WANTED FOUND
  [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

# Rust, also where rustup put it without a new login having picked it up.
need_rust() {
  local cargo_bin=${CARGO_HOME:-$HOME/.cargo}/bin version
  if ! have cargo && [ -x "$cargo_bin/cargo" ]; then PATH=$cargo_bin:$PATH; export PATH; fi
  { have cargo && have rustc; } || stop "Rust is missing. Install it from https://rustup.rs and run make again."
  version=$(rustc --version | cut -d ' ' -f 2)
  at_least "$RUST_AT_LEAST" "$version" || stop "Rust $version is too old: $RUST_AT_LEAST or newer is needed (rustup update)."
}

need_rust_component() { # need_rust_component rustfmt|clippy
  local command=cargo-fmt
  if [ "$1" = clippy ]; then command=cargo-clippy; fi
  if have "$command" && "$command" --version >/dev/null 2>&1; then return; fi
  have rustup || stop "$1 is missing. Install the $1 of your Rust and run make again."
  rustup component add "$1" || stop "$1 is missing and could not be installed: rustup component add $1"
}

need_node() {
  local version
  { have node && have npm; } ||
    stop "Node with npm is missing from PATH. Install Node $NODE_AT_LEAST or newer (https://nodejs.org) and run make again."
  version=$(node --version)
  at_least "$NODE_AT_LEAST" "${version#v}" || stop "Node $version is too old: $NODE_AT_LEAST or newer is needed."
}

# Installs the Debian packages of a list that are not there yet. Without a terminal it
# never waits for an answer: as root or with a password-less sudo it installs, otherwise
# it says what to install and stops.
need_packages() { # need_packages "NAME NAME …"
  local name missing=() prefix=() answer
  if ! have dpkg-query || ! have apt-get; then
    say "This is not Debian or Ubuntu, so nothing was installed. The build needs the equivalents of: $1"
    return
  fi
  for name in $1; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  if [ "$(id -u)" -ne 0 ]; then
    have sudo || stop "System packages are missing. As root: apt-get install ${missing[*]}"
    if [ -t 0 ] && [ -t 1 ]; then
      say "These system packages are missing: ${missing[*]}"
      read -r -p "Install them now with sudo apt-get? [y/N] " answer
      case $answer in [yY]*) ;; *) stop "Nothing was installed. Later: sudo apt-get install ${missing[*]}" ;; esac
      prefix=(sudo)
    elif sudo -n true 2>/dev/null; then
      prefix=(sudo -n)
    else
      stop "System packages are missing, and there is no terminal to ask for a password. Run: sudo apt-get install ${missing[*]}"
    fi
  fi
  say "Installing ${missing[*]}"
  # A fresh machine or container has no list of packages yet; an old list may name versions that are gone.
  if ! compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; then apt_get update; fi
  apt_get install -y --no-install-recommends "${missing[@]}" ||
    { apt_get update && apt_get install -y --no-install-recommends "${missing[@]}"; } ||
    stop "apt-get could not install: ${missing[*]}"
}

# Uses `prefix` of need_packages. Its input is closed, so that no package's question can wait.
apt_get() {
  "${prefix[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@" </dev/null
}

# Succeeds when STAMP holds exactly this text, that is, when the work was already done.
stamped() { [ -f "$STAMPS/$1" ] && [ "$(cat "$STAMPS/$1")" = "$2" ]; }
stamp() { mkdir -p "$STAMPS" && printf '%s' "$2" >"$STAMPS/$1"; }

# npm ci, only when the lock file or Node has changed.
need_ui_packages() {
  local wanted
  wanted="$(sha256sum <ui/package-lock.json) $(node --version)"
  if [ -d ui/node_modules ] && stamped npm-ci "$wanted"; then return; fi
  say "Installing the window's npm packages"
  (cd ui && npm ci --no-audit --no-fund) || stop "npm ci failed in ui/."
  stamp npm-ci "$wanted"
}

# The authorization server that tests sign in to: a tool of the tests, no part of any product.
need_peer_packages() {
  local folder=crates/testkit/authorization-server wanted
  wanted="$(sha256sum <"$folder/package-lock.json") $(node --version)"
  if [ -d "$folder/node_modules" ] && stamped npm-ci-peer "$wanted"; then return; fi
  say "Installing the authorization server for the tests of signing in"
  (cd "$folder" && npm ci --no-audit --no-fund) || stop "npm ci failed in $folder."
  stamp npm-ci-peer "$wanted"
}

# ui/dist, which is compiled into the app; only when a source of it has changed.
need_ui_dist() {
  local wanted
  wanted=$(ui_fingerprint)
  if [ -f ui/dist/index.html ] && stamped ui-dist "$wanted"; then
    say "ui/dist is up to date"
    return
  fi
  (cd ui && npm run build) || return
  # Taken again: the build may rewrite generated sources.
  stamp ui-dist "$(ui_fingerprint)"
}

ui_fingerprint() {
  if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files -z --cached --others --exclude-standard -- ui
  else
    find ui \( -name node_modules -o -name dist \) -prune -o -type f -print0
  fi | sort -z | xargs -0 sha256sum 2>/dev/null | sha256sum
}

need_tauri_driver() {
  if stamped tauri-driver "$TAURI_DRIVER_VERSION" && [ -x "$TOOLS/bin/tauri-driver" ]; then return; fi
  say "Installing tauri-driver $TAURI_DRIVER_VERSION (about half a minute)"
  cargo install --quiet --locked --root "$TOOLS" --version "=$TAURI_DRIVER_VERSION" tauri-driver ||
    stop "tauri-driver could not be installed; the window tests need it."
  stamp tauri-driver "$TAURI_DRIVER_VERSION"
}

# The packaging tool, apart from the window's own packages: only a release needs it, and as a
# compiled npm package it is there in seconds (cargo install tauri-cli takes many minutes).
need_tauri_cli() {
  if stamped tauri-cli "$TAURI_CLI_VERSION" && [ -x "$TOOLS/node_modules/.bin/tauri" ]; then return; fi
  say "Installing @tauri-apps/cli $TAURI_CLI_VERSION into $TOOLS"
  npm install --prefix "$TOOLS" --no-save --no-audit --no-fund "@tauri-apps/cli@$TAURI_CLI_VERSION" ||
    stop "@tauri-apps/cli could not be installed; packaging needs it."
  stamp tauri-cli "$TAURI_CLI_VERSION"
}

has_display() { [ "$(uname)" = Darwin ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; }
