# The commands of a newcomer (demo, test) and of a developer. CONTRIBUTING.md says more.

BOT ?= python
SEED ?= 1

.PHONY: demo test chaos bench bless packages

# A bot against a local DingTalk, in the terminal. BOT: rust c csharp php python node.
demo:
	@tests/demo $(BOT)

# Everything: Rust, the C ABI, every binding as it is installed, conformance, the official SDKs, examples, lints.
test:
	@tests/setup test
	@tests/run

# Ten thousand deliveries under two hundred random faults. SEED repeats one run.
chaos:
	@cargo run -q --profile quick -p dingstream-chaos -- --seed $(SEED)

# This library beside the official SDKs, on this machine; also written to build/bench/RESULTS.md.
bench:
	@tests/bench/prepare
	@tests/bench/run --everything

# Writes the generated files: headers, externs, options, errors, builders, views.
bless:
	@cargo run -q -p dingstream-generate -- --bless

# What users install, into build/packages.
packages:
	@tests/setup python node php csharp
	@tests/packages
