# The commands of a developer's day. Every target that needs Debian packages installs them.

SWIFT ?= swift

.PHONY: setup build release test lint bless demo bench

setup:
	@tools/setup.sh

build: setup
	$(SWIFT) build

release: setup
	$(SWIFT) build -c release

test: setup
	$(SWIFT) test

bless: setup
	BLESS=1 $(SWIFT) test
