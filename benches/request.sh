#!/usr/bin/env bash
# What request() costs beside the bare HTTP library: 10,000 calls of each to this computer, release build.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

need_rust
cargo run --release --quiet -p connectors --example request-speed
