# quan (券). The two commands that matter are `make run` and `make test`; every
# part of `make test` can also be run alone. Nothing here needs the network once
# Go's modules, the linter and the packages named in tools/setup-tests are there.

SHELL     := /bin/bash
DATA      ?= data
GOLANGCI  := v2.15.0
LINTER    := bin/golangci-lint-$(GOLANGCI)
GO        := go
GOBUILD   := CGO_ENABLED=0 $(GO) build -trimpath
PKG       ?= ./...

# Tests of concurrency, by name; -race makes everything slower, so it gets these only.
RACE_PKG  ?= ./internal/store/... ./internal/app/... ./test/...
RACE_RUN  ?= Contention|Race|Merges|Neighbours|TestStore/contention
RACE_TIME ?= 90s

# A long run of the simulator: steps and seed; 0 draws a seed, which is printed.
SOAK_STEPS ?= 1000000
SOAK_SEED  ?= 0
SOAK_TIME  ?= 4h
# Of the soak too: kills per store, outages of PostgreSQL, connections around
# COMMIT, frames of a log that are broken (each 17 times), rounds of the stampedes,
# which planted bugs the tests have to catch (all, or one by name), and from which
# number on. A run tells each minute where it is.
CRASH_CYCLES  ?= 1000
CRASH_OUTAGES ?= 100
CRASH_COMMITS ?= 20000
POWER_FRAMES  ?= 400
ROUNDS        ?= 100
MUTATIONS     ?= all
MUTATIONS_FROM ?= 1
# Where make worlds goes on; a run says it every minute and when it is out of time.
SOAK_FROM  ?= 0
WORLDS_TIME ?= 48h
# Of make bench: which, and its own flags, as -args -round 5s -rounds 5.
BENCH      ?= .
BENCH_ARGS ?=
GROWTH     ?= 20000000

# What the API's document is made of, and what the pages are.
GO_SOURCES  = $(shell find internal/edge/api internal/domain internal/kernel -name '*.go' ! -name '*_test.go')
WEB_SOURCES = $(shell find web -name node_modules -prune -o -path web/api -prune -o -path web/e2e -prune -o -type f -print)

# One PostgreSQL for all tests of a part, unless one is named from outside.
PG = $(if $(QUAN_TEST_PG_DSN),,bin/pgtest --)

.PHONY: help run build pages web test setup lint tests race soak crashes contention mutations worlds bench growth rivals fmt docs clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build quan, serve it with demonstration data (kept in ./data) and open the console
	@mkdir -p -m 700 "$(DATA)"
	bin/quan serve --demo --open --db "$(DATA)/quan.db"

build: pages ## build bin/quan with its pages
	@tools/check-go
	$(GOBUILD) -o bin/quan ./cmd/quan
	@echo "built bin/quan"

# The pages are made of the API's document, which the program prints: so it is built
# once without them. QUAN_NO_WEB=1 leaves them out, where there is no Node.
ifeq ($(QUAN_NO_WEB),)
pages: internal/edge/web/files/console/index.html
else
pages:
endif

web/node_modules/.package-lock.json: web/package-lock.json
	@tools/check-node
	cd web && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/api/schema.d.ts: web/node_modules/.package-lock.json $(GO_SOURCES)
	@tools/check-go
	@mkdir -p web/api bin
	$(GOBUILD) -o bin/quan-bare ./cmd/quan
	@bin/quan-bare openapi > web/api/openapi.json
	cd web && npm run --silent types

internal/edge/web/files/console/index.html: web/api/schema.d.ts $(WEB_SOURCES)
	cd web && npm run --silent build

test: ## everything, on SQLite and on a PostgreSQL that the tests start themselves
	@tools/check-go
	@tools/parts setup build lint tests web race

setup: ## see that the tests find PostgreSQL and a C compiler
	@tools/setup-tests

lint: ## formatting, go vet, golangci-lint
	@tools/lint $(GOLANGCI)

tests: bin/testsum bin/pgtest ## all tests on both stores
	@$(PG) bin/testsum -name "tests on SQLite and PostgreSQL" -- $(GO) test -json -timeout 8m $(PKG)

ifeq ($(QUAN_NO_WEB),)
web: build ## types, logic and whole ways of people through the pages, in Chromium
	@cd web && npm run --silent check && npm test --silent && npm test --silent -w e2e
else
web:
	@echo "QUAN_NO_WEB is set: the pages are neither built nor tested."
endif

race: bin/testsum bin/pgtest ## the contention tests under the race detector
	@$(PG) bin/testsum -name "race tests" -- env CGO_ENABLED=1 $(GO) test -json -race -short -timeout $(RACE_TIME) -run '$(RACE_RUN)' $(RACE_PKG)

# The simulator's files lie in memory where there is room: it does not test disks.
SOAK_TMP ?= $(shell test -w /dev/shm && echo /dev/shm || echo /tmp)

soak: bin/pgtest ## simulator, kills, power cuts, stampedes, planted bugs, for long (docs/invariants.md)
	@$(PG) env TMPDIR=$(SOAK_TMP) QUAN_SIM_STEPS=$(SOAK_STEPS) QUAN_SIM_SEED=$(SOAK_SEED) \
		$(GO) test -count=1 -v -timeout $(SOAK_TIME) -run TestSimulation ./test/sim
	@$(MAKE) --no-print-directory crashes contention mutations

crashes: bin/pgtest ## CRASH_CYCLES kills a store, outages, cut connections, power cuts
	@$(PG) env QUAN_CRASH_CYCLES=$(CRASH_CYCLES) QUAN_CRASH_OUTAGES=$(CRASH_OUTAGES) QUAN_CRASH_COMMITS=$(CRASH_COMMITS) \
		$(GO) test -count=1 -v -timeout $(SOAK_TIME) ./test/crash
	@env QUAN_POWER_STEPS=400 QUAN_POWER_FRAMES=$(POWER_FRAMES) $(GO) test -count=1 -v -timeout $(SOAK_TIME) -run 'PowerLoss|FullDisk' ./internal/store/sqlite

contention: bin/pgtest ## ROUNDS rounds of stampedes and of linearizability
	@$(PG) env QUAN_CONTENTION_ROUNDS=$(ROUNDS) $(GO) test -count=1 -v -timeout $(SOAK_TIME) ./test/contention

mutations: bin/pgtest ## plant bugs, which the tests have to catch
	@$(PG) env QUAN_MUTATIONS="$(MUTATIONS)" QUAN_MUTATIONS_FROM=$(MUTATIONS_FROM) $(GO) test -count=1 -v -timeout $(SOAK_TIME) ./test/mutation

worlds: ## price all 192 million small worlds as the model does (from SOAK_FROM on; hours)
	@env GOGC=400 QUAN_MODEL_ALL=1 QUAN_MODEL_FROM=$(SOAK_FROM) $(GO) test -count=1 -v -timeout $(WORLDS_TIME) -run TestModelSmallWorlds ./internal/domain/pricing

bench: ## quan beside its limits and a rival (BENCH chooses; docs/benchmarks.md)
	@$(GO) test -run '^$$' -bench '$(BENCH)' -benchtime 1x -timeout 30m ./bench $(BENCH_ARGS)

growth: ## what a claim writes beside 100,000 and GROWTH coupons (for twenty million 25 GB of disk and a quarter of an hour)
	@$(GO) test -run '^$$' -bench Growth -benchtime 1x -timeout 12h ./bench -fills 100000,$(GROWTH) $(BENCH_ARGS)

rivals: ## the price of the same carts by quan, Medusa and Vendure (needs node 20 and npm)
	@bench/rivals/run $(BENCH_ARGS)

fmt: ## format all Go code
	@gofmt -w $$(git ls-files -co --exclude-standard '*.go')

# A committed page made from code is checked by a test named …Page or …OpenAPI,
# which writes it when run with -update.
docs: ## write the generated pages (docs/errors.md, OpenAPI) anew
	@for p in $$(grep -rl --include='*_test.go' 'flag.Bool("update"' cmd internal 2>/dev/null | xargs -rn1 dirname | sort -u); do \
		$(GO) test -count=1 -run 'Page|OpenAPI' "./$$p" -update || exit 1; done

clean: ## remove what was built (not the data)
	rm -rf bin .cache

# Go decides by itself whether these are up to date.
.PHONY: bin/testsum bin/pgtest
bin/testsum:
	@$(GO) build -o $@ ./test/testsum
bin/pgtest:
	@$(GO) build -o $@ ./internal/store/postgres/pgtest/cmd/pgtest
