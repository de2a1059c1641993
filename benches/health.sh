#!/usr/bin/env bash
# The health of one connector over 10,000,000 recorded attempts of a year, beside 1,000 connectors, and what recording an attempt
# costs; release build. The file is made once by the product's own insertions and kept in the build folder. FC_BENCH_ATTEMPTS
# makes it small.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

need_rust
cargo build --release --quiet -p connectors --example health-speed
"$TARGET/release/examples/health-speed" "$TARGET/bench-health"
