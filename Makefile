# A menu: what each line does is in scripts/.
.POSIX:
.PHONY: help build release test check check-system check-recipes check-oci lint demo deb fuzz asan tsan alloc audit bench faults clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 14

build: ## debug build
	@scripts/build.sh debug

release: ## release build, as packaged: .build-release/release/dotproxy
	@scripts/build.sh release

test: ## all unit, scenario, wrapper and daemon tests; T=NAME for some
	@scripts/test.sh $(T)

check: ## everything: lint, test, release, package, lintian, alloc, audit, check-oci, -system, -recipes
	@scripts/check.sh

check-system: ## the package on a Debian machine of its own, booted with systemd (root)
	@Tests/system/check-system.sh

check-recipes: ## autopkgtest, and the recipes of docs/operations.md, each on such a machine (root)
	@Tests/system/check-recipes.sh

check-oci: ## the container image, built and run without a registry (root)
	@Tests/system/check-oci.sh

lint: ## format, imports, lengths, prose, shell, man pages, units
	@scripts/lint.sh

demo: ## the daemon between dig and a DNS-over-TLS server, all on this machine
	@scripts/demo.sh

deb: ## dotproxy.deb
	@scripts/deb.sh

fuzz: ## T=FuzzMessage S=60: one fuzz target for S seconds; all of them without T
	@scripts/fuzz.sh "$(T)" "$(S)"

asan: ## the tests under the address sanitizer
	@scripts/sanitize.sh address

tsan: ## the tests under the thread sanitizer
	@scripts/sanitize.sh thread

alloc: ## allocations and instructions of a query, held to Benchmarks/thresholds.json
	@scripts/alloc-check.sh

audit: ## calls of the Swift runtime on a query's way, held to Benchmarks/hotpath.json
	@scripts/hotpath-audit.sh

bench: ## what each step of a query takes, and the daemon under load
	@scripts/bench.sh

faults: ## what clients get while upstreams fail; SUBJECT="dotproxy unbound" for others as well
	@scripts/faults.sh

clean: ## remove everything built
	@rm -rf .build .build-* dist dotproxy.deb dotproxy_*.deb
