#!/usr/bin/env bash
# Finding members among 1,000,000 of some 400 clubs, by a mix of what people type and look at; release build. The file is made
# once and kept in the build folder. FC_BENCH_MEMBERS makes it small.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

need_rust
cargo build --release --quiet -p connectors --example member-speed
"$TARGET/release/examples/member-speed" search
