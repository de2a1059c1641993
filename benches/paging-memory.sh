#!/usr/bin/env bash
# The most memory that 1,000,000 records take on their way through paging, beside 10,000: page after page, and in one
# answer. The processes are those of the test of the same name; here they are a release build and the full million.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/lib.sh"

need_rust
FC_ROUNDS=full cargo test --release --quiet -p connectors --test it -- --nocapture \
  soak_a_million_records_take_little_more_memory_than_ten_thousand | grep -E 'KiB|test result'
