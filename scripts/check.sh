#!/usr/bin/env bash
# The fast checks while working: format, types and lints, no tests.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

need_rust
need_rust_component rustfmt
need_rust_component clippy
need_node
need_packages "$PACKAGES_APP"
need_ui_packages
cargo fmt --all --check
(cd ui && npm run check)
need_ui_dist
# Clippy does all that cargo check does.
cargo clippy --workspace --all-targets -- -D warnings
