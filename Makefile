# The commands of a developer's day. `make` alone says what there is.

SWIFT ?= swift
export SWIFT

.PHONY: agents optuna slurm battery bench-sandbox models retrieval kill-loop help setup build release test lint bless embed demo tour bench bench-peers bench-reads budgets tck fuzz differential tamper crash agree sim install clean bench-loop bench-language ablation bench-audit replay bench-brief

help:
	@echo "make setup    install the Debian packages that Stemma needs"
	@echo "make build    debug build"
	@echo "make release  one self-contained program: .build-release/stemma"
	@echo "make install  copy it to PREFIX/bin (PREFIX=/usr/local)"
	@echo "make test     build and run all tests"
	@echo "make demo     a whole campaign in under three minutes, in a folder of its own"
	@echo "make tour     the demo, and its real output into README.md"
	@echo "make lint     swift format lint, strict"
	@echo "make bless    rewrite the golden files; read the difference before you commit it"
	@echo "make embed    copy schema/, queries/ and docs/cypher-guide.md into the program's source"
	@echo "make tamper   flip every bit of a small store and have each noticed (some ten minutes)"
	@echo "make agree    a thousand mutated bundles before both verifiers (COUNT=1000 SEED=1)"
	@echo "make crash    cut every operation short at every write, by kills and losses of power"
	@echo "make kill-loop  thirty campaigns under random kills against one left alone (SEEDS, KILLS, SEED)"
	@echo "make models   campaigns against mock servers of models (LITELLM=program, AIMOCK=program add others')"
	@echo "make agents   a scripted coding agent in both directions: ten proposals, everything else refused by name"
	@echo "make optuna   Optuna in a virtual environment drives examples/ngram through ask, tell and wait"
	@echo "make retrieval   how well briefs find what is related, on ../shared/data"
	@echo "make replay   past briefs, byte for byte, after 100,000 further transactions (COUNT)"
	@echo "make sim      lives of stores, simulated and audited (SIM_SECONDS=600, SIM_SEED=1)"
	@echo "make tck      the openCypher TCK (TCK=folder, default ../shared/tck)"
	@echo "make differential   a million random queries against a naive evaluator (COUNT, SEED, THREADS)"
	@echo "make fuzz     fuzz lexer, parser and queries (SECONDS_EACH=600 per target)"
	@echo "make bench    the lineage workload on this machine, against the run before"
	@echo "make bench-reads  reads of the graph beside a floor in C and SQLite (READS=folder for the data)"
	@echo "make budgets  instructions of reads and appends, against Benchmarks/ReadBench/budgets.txt"
	@echo "make ablation     the built-in loop with and without its critic, 30 seeds (SEEDS, RUNS, SLOTS)"
	@echo "make bench-loop   5,000 proposals with 3 seeds over NAS-Bench-201, sandboxed (PROPOSALS, SLOTS, OPTUNA=python)"
	@echo "make bench-sandbox   start to exit of a sandboxed program, and what looking after it takes (RUNS)"
	@echo "make battery  hostile programs and honest controls against the sandbox, as root and as user 64900"
	@echo "make slurm    a campaign whose runs are jobs of real Slurm daemons on this machine (root; installs them)"
	@echo "make bench-audit  proofs, checkpoints, the tree's share of appends, an export (EXPERIMENTS=100000)"
	@echo "make bench-brief  how long a brief takes over a million proposals (PROPOSALS), and that what it cites is there"
	@echo "make bench-language   what parsing, binding and planning cost for each file of queries/"
	@echo "make bench-peers  the same beside SQLite, DuckDB, Kuzu and Ladybug (SCALE=100000 ROUNDS=3)"

setup:
	@tools/setup.sh

build: setup
	$(SWIFT) build

release: setup
	@tools/release.sh

install: release
	install -D -m 755 .build-release/stemma $(or $(PREFIX),/usr/local)/bin/stemma

test: setup
	@tools/test.sh

lint:
	$(SWIFT) format lint --strict --parallel --recursive Sources Tests Package.swift

bless: setup
	BLESS=1 $(SWIFT) test

embed:
	@tools/embed.py

demo: release
	@tools/demo.sh

tour: release
	@tools/tour.py

bench: setup
	@tools/bench.sh

bench-language: setup
	$(SWIFT) build -c release --scratch-path .build-release --product LanguageBench
	.build-release/release/LanguageBench queries

bench-peers: setup
	@tools/bench.sh peers

bench-audit: setup
	$(SWIFT) build -c release --scratch-path .build-release --product GraphBench
	rm -rf .bench/audit
	.build-release/release/GraphBench audit .bench/audit $(or $(EXPERIMENTS),100000)
	rm -rf .bench/audit

bench-reads: setup
	$(SWIFT) build -c release --scratch-path .build-release --product ReadBench
	.build-release/release/ReadBench $(or $(READS),.bench/reads)

budgets: setup
	@tools/budgets.sh

ablation: release
	@Benchmarks/LoopBench/ablation.py .build-release/stemma --seeds $(or $(SEEDS),30) \
	  --runs $(or $(RUNS),150) --slots $(or $(SLOTS),8)

bench-loop: release
	@Benchmarks/LoopBench/bench.py .build-release/stemma --proposals $(or $(PROPOSALS),5000) \
	  --slots $(or $(SLOTS),8) $(if $(OPTUNA),--optuna $(OPTUNA))

bench-brief: release
	@Benchmarks/BriefBench/bench.py .build-release/stemma --proposals $(or $(PROPOSALS),1000000)

bench-sandbox: release
	@Benchmarks/SandboxBench/bench.py .build-release/stemma --runs $(or $(RUNS),200)

# The program is copied to where an ordinary user can start it.
battery: release
	@install -m 755 .build-release/stemma /tmp/stemma-for-battery
	@Tests/Acceptance/battery.py /tmp/stemma-for-battery
	@[ "$$(id -u)" != 0 ] || Tests/Acceptance/battery.py /tmp/stemma-for-battery --user 64900
	@rm -f /tmp/stemma-for-battery

tck: setup
	@tools/tck.sh

# Every daemon lies below one folder, which goes afterwards.
slurm: release
	@tools/slurm.sh install
	@rm -rf /tmp/stemma-cluster && tools/slurm.sh up /tmp/stemma-cluster
	@export SLURM_CONF=/tmp/stemma-cluster/slurm.conf; \
	  Tests/Acceptance/slurm.py .build-release/stemma /tmp/stemma-cluster; code=$$?; \
	  tools/slurm.sh down /tmp/stemma-cluster; rm -rf /tmp/stemma-cluster; exit $$code

differential: setup
	@tools/differential.sh

fuzz: setup
	@tools/fuzz.sh

agents: release
	@Tests/Acceptance/agent.py .build-release/stemma

optuna: release
	@tools/optuna.sh

models: release
	@tools/models.sh

kill-loop: release
	@Tests/Acceptance/kill_loop.py .build-release/stemma --table ../shared/data/nasbench201/cifar10.csv \
	  --moments $(or $(SEEDS),30) --kills $(or $(KILLS),4) --seed $(or $(SEED),1) --boundaries none

retrieval: release
	@tools/retrieval.py

tamper: setup
	@tools/tamper.sh

agree: setup
	AGREE_COUNT=$(or $(COUNT),1000) AGREE_SEED=$(or $(SEED),1) $(SWIFT) test --filter AgreementTests

crash: setup
	@tools/crash.sh

replay: setup
	LATER_TRANSACTIONS=$(or $(COUNT),100000) $(SWIFT) test --filter BriefTests/thePastIsAlwaysToldAlike

sim: setup
	SIM_SECONDS=$(or $(SIM_SECONDS),600) $(SWIFT) test --filter SimulationTests

clean:
	rm -rf .build-release .build-static .demo
