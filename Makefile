# `make run` and `make test` are all that a new machine with the .NET 10 SDK needs.
.PHONY: run test publish format bench soak fuzz clean check-sdk

export DOTNET_CLI_TELEMETRY_OPTOUT = 1
export DOTNET_NOLOGO = 1

run: check-sdk
	@build/run.sh

test: check-sdk
	@build/test.sh

publish: check-sdk
	@build/publish.sh

format: check-sdk
	dotnet format Forethought.slnx

check-sdk:
	@command -v dotnet >/dev/null || { echo "The .NET 10 SDK is missing: no 'dotnet' on the PATH."; exit 1; }
	@dotnet --list-sdks | grep -q '^10\.' || { echo "The .NET 10 SDK is missing: 'dotnet --list-sdks' shows no 10.x."; exit 1; }

clean:
	git clean -xfdq -e .idea -e .vs

# Long runs; each has a short version among the tests.
bench: check-sdk
	dotnet run --project bench/Forethought.Benchmarks --configuration Release -- --filter '$(or $(FILTER),*)'

soak: check-sdk
	@seed=$(or $(SEED),$(shell date +%s | tail -c 7)); cases=$(or $(CASES),2000); \
	echo "histories from seed $$seed on (repeat with: make soak SEED=$$seed CASES=$$cases)"; \
	FORETHOUGHT_HISTORY_SEED=$$seed FORETHOUGHT_HISTORY_CASES=$$cases \
	FORETHOUGHT_TORTURE_SECONDS=$(or $(SECONDS_LONG),600) build/test.sh --filter-class '*Torture*' --filter-class '*StoreHistoryTests'

fuzz: check-sdk
	@seed=$(or $(SEED),$(shell date +%s | tail -c 7)); factor=$(or $(FACTOR),50); \
	echo "seed $$seed, factor $$factor (repeat with: make fuzz SEED=$$seed FACTOR=$$factor)"; \
	FORETHOUGHT_FUZZ_SEED=$$seed FORETHOUGHT_FUZZ_FACTOR=$$factor build/test.sh --filter-class '*Hostile*' --filter-class '*PropertyTests*'
