# Needs Node >= 20 and npm on the PATH; everything else, Node 24 and PostgreSQL among it, comes from npm.
SHELL := /bin/sh
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
INSTALLED := node_modules/.installed

TOPOLOGY ?= both
IMAGE_TAG ?= dev
ADAPTERS ?=
LAYERS ?=
FAULTS ?= --full --seeds 3
COMPARE ?=
export TOPOLOGY BACKENDS

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(INSTALLED) ## Brew the shop both ways, place orders, print both traces and the comparison, clean up
	@node lab/bin/doubleshot.js demo

.PHONY: test
test: $(INSTALLED) ## All tests but those that take long, with the number at each level; beside them lint, types, rules
	@node scripts/test.ts $(if $(filter 1,$(REQUIRE_CONTAINERS)),--require-containers)

.PHONY: test-full
test-full: $(INSTALLED) ## As `make test`, and the levels demo, measurement, faults, faults-containers; 20,000 random requests to each shop instead of 5,000
	@node scripts/test.ts --full $(if $(filter 1,$(REQUIRE_CONTAINERS)),--require-containers)

.PHONY: up
up: $(INSTALLED) ## Leave one brew or both running (TOPOLOGY=monolith|microservices|both)
	@node lab/bin/doubleshot.js up

.PHONY: down
down: $(INSTALLED) ## Stop what `make up` started
	@node lab/bin/doubleshot.js down

.PHONY: logs
logs: $(INSTALLED) ## Follow what the processes that are up write
	@node lab/bin/doubleshot.js logs

.PHONY: ps
ps: $(INSTALLED) ## What is up, and whether it is ready
	@node lab/bin/doubleshot.js status

.PHONY: compare
compare: $(INSTALLED) ## Measure both brews and write reports/latest (BACKENDS=embedded|containers, COMPARE="--quick" or "--full")
	@node lab/bin/doubleshot.js compare $(COMPARE)

.PHONY: audit
audit: $(INSTALLED) ## Kill processes under load and prove that no order was lost or done twice (TOPOLOGY as for `up`)
	@node lab/bin/doubleshot.js audit

.PHONY: faults
faults: $(INSTALLED) ## Break every part of both brews in turn, three seeds each, as long as the matrix says (on real engines where an engine answers; BACKENDS=embedded|containers, FAULTS="--only F5")
	@node lab/bin/doubleshot.js faults $(FAULTS)

.PHONY: build
build: $(INSTALLED) ## Bundle every process
	@node scripts/build.ts

.PHONY: images
images: $(INSTALLED) ## Build a container image for every process (IMAGE_TAG, ADAPTERS=all|postgres,kafka,amqp,redis)
	@node scripts/build-images.ts --tag=$(IMAGE_TAG) --adapters=$(ADAPTERS)

.PHONY: kind-up
kind-up: $(INSTALLED) ## Make a cluster on this machine, with an Nginx ingress (needs Docker, kind and kubectl; HTTP_PORT)
	@node lab/bin/doubleshot.js kind up

.PHONY: kind-deploy
kind-deploy: $(INSTALLED) ## Build the images and bring both brews into the cluster (LAYERS="+tracing +metrics +elk +kafka-ha +autoscaling")
	@node lab/bin/doubleshot.js kind deploy --layers="$(LAYERS)"

.PHONY: kind-smoke
kind-smoke: $(INSTALLED) ## Follow one order through each brew in the cluster: notification, e-mail, trace
	@node lab/bin/doubleshot.js kind smoke

.PHONY: kind-compare
kind-compare: $(INSTALLED) ## Measure both brews from inside the cluster
	@node lab/bin/doubleshot.js kind compare

.PHONY: kind-demo-selfheal
kind-demo-selfheal: $(INSTALLED) ## A pod is deleted while orders are placed
	@node lab/bin/doubleshot.js kind demo selfheal

.PHONY: kind-demo-scale
kind-demo-scale: $(INSTALLED) ## Load makes replicas come, rest makes them go (a quarter of an hour; needs the layer +autoscaling)
	@node lab/bin/doubleshot.js kind demo scale

.PHONY: kind-demo-rollout
kind-demo-rollout: $(INSTALLED) ## A new version and back, without a failed request
	@node lab/bin/doubleshot.js kind demo rollout

.PHONY: kind-demo-policy
kind-demo-policy: $(INSTALLED) ## A foreign pod knocks at every door
	@node lab/bin/doubleshot.js kind demo policy

.PHONY: kind-down
kind-down: $(INSTALLED) ## Remove the cluster with all that is in it
	@node lab/bin/doubleshot.js kind down

.PHONY: kind-plan
kind-plan: $(INSTALLED) ## What each layer of the cluster asks for: pods, CPU, memory, volumes (needs kubectl, no cluster)
	@node deploy/k8s/plan.ts

.PHONY: lint
lint: $(INSTALLED) ## ESLint, types, unused code, rules of the rooms
	@npm run --silent lint && npm run --silent types && npm run --silent knip && npm run --silent rules

.PHONY: docs
docs: $(INSTALLED) ## Write the generated documents again (docs/*.json, docs/env.md, docs/messages.md)
	@npm run --silent docs

.PHONY: install
install: $(INSTALLED) ## Install packages from the lockfile

$(INSTALLED): package-lock.json
	@command -v npm >/dev/null || { echo 'npm is missing: install Node.js 20 or newer, which brings it.' >&2; exit 1; }
	@echo 'Installing packages from the lockfile (a minute or two the first time) ...'
	@npm ci --loglevel=error
	@touch $@

.PHONY: clean
clean: ## Remove packages, bundles and reports
	rm -rf node_modules services/*/dist reports .doubleshot
