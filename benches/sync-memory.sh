#!/usr/bin/env bash
# The most memory that a first sync of 1,000,000 members takes beside one of 10,000, each a process of its own; release build.
# FC_BENCH_MEMBERS makes it small.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

need_rust
cargo build --release --quiet -p connectors --example member-speed
"$TARGET/release/examples/member-speed" memory
