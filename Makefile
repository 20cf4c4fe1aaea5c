# What can be done with this project; `make` lists it. The work itself is in cargo and scripts/.

LISTEN ?= 127.0.0.1:8443
DESTDIR ?=
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60
SYSCONFDIR ?= /etc

TARGET := $(or $(CARGO_TARGET_DIR),target)
BINARY := $(TARGET)/release/jsm-gate
SOURCES := Cargo.toml Cargo.lock $(shell find src -type f)

# DESTDIR is for scripts/install alone. A dependency's own `make install` must not see it, neither in its
# environment nor among the variables that this make hands down.
unexport DESTDIR
MAKEOVERRIDES :=

.DEFAULT_GOAL := help
.PHONY: help demo test screenshots check fuzz bench install clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## the gate with a stand-in provider and JSM, on https://127.0.0.1:8443 (LISTEN=address:port)
	@scripts/packages build
	@echo 'Building; the first time takes about a quarter of an hour.'
	cargo build --locked --features demo
	@exec $(TARGET)/debug/jsm-gate demo --listen $(LISTEN)

test: ## every test, with two real providers, six real service providers, a real browser and a real Tomcat
	@scripts/packages test
	cargo test --locked --doc
	cargo test --locked --no-fail-fast --features demo --package jsm-gate --package saml --package sandbox --lib --bins --tests

screenshots: ## every page in its states, five languages, phone and desk, light and dark: target/screenshots/index.html
	@scripts/packages screenshots
	cargo test --locked --features demo --test screenshots

check: ## what must hold before a commit: format, lints, docs, dependencies, rooms, words, tests named in docs, the systemd unit
	@scripts/packages check
	cargo fmt --check
	cargo clippy --locked --workspace --all-targets --features jsm-gate/demo -- -D warnings
	cargo clippy --locked --features demo --test screenshots -- -D warnings
	cargo clippy --locked --no-default-features -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps --document-private-items --features demo --package jsm-gate --package saml --package sandbox
	scripts/check-dependencies
	scripts/check-rooms
	scripts/check-words
	scripts/check-threats
	scripts/check-unit

fuzz: ## each parser of what strangers send, with made-up input for FUZZ_SECONDS=60; fuzz/README.md
	@scripts/packages fuzz
	scripts/fuzz $(FUZZ_SECONDS)

bench: ## the release build beside its peers, written to bench/RESULTS.md (QUICK=--quick)
	@scripts/packages bench
	cargo build --locked --release -p jsm-gate -p bare -p stage
	bench/run $(QUICK) $(TARGET)/release

install: $(BINARY) ## the release build, its unit and an example configuration (DESTDIR, PREFIX)
	scripts/install $(BINARY) '$(DESTDIR)' '$(PREFIX)' '$(SYSCONFDIR)'

clean: ## removes what was built and installed into this folder
	cargo clean
	rm -rf tests/e2e/node_modules tests/e2e/simplesamlphp tests/e2e/venv

$(BINARY): $(SOURCES)
	@scripts/packages build
	cargo build --locked --release
