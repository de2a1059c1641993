# Two commands are enough: `make run` and `make test`. Each installs what it misses.
.PHONY: help run test check demo bench soak package icons

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: ## Install what is missing, build and open the app (without a display: the demo)
	@scripts/run.sh

test: ## Install what is missing and run every test, the window tests included
	@scripts/test.sh

check: ## The fast checks while working: format, types, lints
	@scripts/check.sh

demo: ## A practice federation and a tested connector on the command line, no window
	@scripts/demo.sh

bench: ## Measure speed: every script in benches/
	@scripts/bench.sh

soak: ## The long form (FC_ROUNDS=full) of the tests named kill_, canary_, fuzz_, soak_, attack_58 or attack_59
	@scripts/soak.sh

package: ## Build the Debian package into target/release/bundle/deb
	@scripts/package.sh

icons: ## Draw the icon files again from icons/*.svg
	@scripts/icons.sh
