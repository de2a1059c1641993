#!/usr/bin/env bash
# The demo: a practice federation, a connector to it, and its tested connection, all in
# a temporary folder and without a window.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

need_rust
need_packages "$PACKAGES_CLI"
exec cargo run -p fedctl -- demo
