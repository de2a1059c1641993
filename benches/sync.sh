#!/usr/bin/env bash
# The first sync of 100,000 members beside the bare limit, the same list again, and a list of members while a sync is applied;
# release build. FC_BENCH_MEMBERS and FC_BENCH_ROUNDS make it small.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

need_rust
cargo build --release --quiet -p connectors --example member-speed
failed=0
"$TARGET/release/examples/member-speed" first || failed=1
"$TARGET/release/examples/member-speed" reading || failed=1
exit $failed
