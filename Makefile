# Each target is one plain command and states what it needs. `make demo` shows
# everything against a local log; `make run` watches the real logs.

VERSION    := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
COMPOSE    := github.com/compose-spec/compose-go/v2/cmd@v2.9.0
FUZZTIME   := 30s
LOGOS      := internal/logoset/node_modules/.package-lock.json
FAULTS     :=

# Each fuzz target of the module that it runs in.
define FUZZ
for pkg in $$(go list ./...); do for f in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
		go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) $$pkg || exit 1; done; done
endef

.PHONY: run demo test check faults bench bench-peers bench-match fidelity lint vuln fuzz race build engine clean compose

## run: follow the real logs into the embedded store
run: build engine
	bin/markwatch watch

## demo: follow a local log of an invented world
demo: build engine
	bin/markwatch demo

## test: all tests, with the real engine and a real log
test: engine build
	MARKWATCH_TEST_ENGINE=required go test -timeout 30m ./...
	cd internal/reallog && MARKWATCH_TEST_ENGINE=required go test ./...

## check: the quick loop, under two minutes
check: engine
	test -z "$$(gofmt -l .)"
	go vet ./...
	MARKWATCH_TEST_ENGINE=required go test -short ./...

## race: the packages that share memory between goroutines, under the race detector
race: engine
	MARKWATCH_TEST_ENGINE=required CGO_ENABLED=1 go test -timeout 30m -race -short ./internal/alert/... ./scanner/... ./internal/ctlogtest/... ./parse/... ./match ./match/logo ./match/domain ./match/organisation ./store/... ./cmd/...

## faults: misbehaving logs, networks and disks, as docs/faults.md reads it; FAULTS=-quick runs a few
faults: build engine
	cd internal/reallog && go run ./cmd/faults -markwatch ../../bin/markwatch $(FAULTS)

## bench: how fast it is, as docs/performance.md reads it
bench: build engine
	go run ./internal/bench -markwatch bin/markwatch

## bench-peers: beside certspotter, scanlog and sunlight's client, as docs/performance.md reads it; needs the network
bench-peers: build engine
	go run ./internal/peers -markwatch bin/markwatch

## bench-match: how good the matcher is, as docs/matching.md reads it; needs npm, and ten minutes of CPU time
bench-match: $(LOGOS)
	go run ./internal/matchbench variants
	go run ./internal/matchbench logos
	go run ./internal/matchbench domains
	go run ./internal/matchbench speed

## fidelity: the rasteriser against Chromium over 5,299 logos; needs npm and chromium (apt-get install chromium)
fidelity: $(LOGOS)
	go run ./internal/matchbench icons
	go run ./internal/matchbench fidelity

# Logos that anyone can have, for measuring alone; pinned by their own lock.
$(LOGOS): internal/logoset/package.json internal/logoset/package-lock.json
	npm install --prefix internal/logoset --no-save --ignore-scripts --no-audit --no-fund

## lint: gofmt, vet, staticcheck
lint:
	test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...
	cd internal/reallog && go vet ./...

## vuln: known vulnerabilities in what we depend on; needs the network
vuln:
	go run $(GOVULNCHECK) ./...

## fuzz: each fuzz target for FUZZTIME
fuzz: engine
	$(FUZZ)
	cd internal/reallog && $(FUZZ)

## build: bin/markwatch
build:
	go build -trimpath -ldflags "-X main.version=$(VERSION)" -o bin/markwatch ./cmd/markwatch

## engine: the embedded ClickHouse (libchdb), pinned by package-lock.json
engine: node_modules/.package-lock.json

# Not npm ci: the lock names the library of the platforms it was made on alone,
# and npm ci refuses where another is one's own. --no-save leaves the lock as it is.
node_modules/.package-lock.json: package.json package-lock.json
	npm install --no-save --ignore-scripts --no-audit --no-fund

## clean: what make made, but no data
clean:
	rm -rf bin build node_modules

## compose: check docker-compose.yml against the Compose schema
compose:
	go run $(COMPOSE) -no-interpolation docker-compose.yml >/dev/null
