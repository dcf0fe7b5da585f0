#!/usr/bin/env bash
# Builds the solution and runs every test project; the last line is the sum: "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.."

configuration=${CONFIGURATION:-Release}
# The torture test runs for a minute here; `make soak` makes it ten.
export FORETHOUGHT_TORTURE_SECONDS=${FORETHOUGHT_TORTURE_SECONDS:-60}
if [ -n "${FORETHOUGHT_CONFORMANCE:-}" ]; then
    echo "conformance data: $FORETHOUGHT_CONFORMANCE"
else
    echo "conformance data: none (FORETHOUGHT_CONFORMANCE is not set); the tests that need it are reported as skipped"
fi

build/build.sh Forethought.slnx "$configuration" || exit 1

passed=0 failed=0 skipped=0 status=0
for project in test/*.Tests/*.csproj; do
    name=$(basename "$project" .csproj)
    binary=test/$name/bin/$configuration/net10.0/$name
    output=$("$binary" --no-progress --no-ansi "$@" 2>&1)
    code=$?
    count() { sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" <<<"$output" | tail -n 1; }
    p=$(count succeeded) f=$(count failed) s=$(count skipped)
    passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
    echo "$name: ${p:-0} passed, ${f:-0} failed, ${s:-0} skipped"
    # 8: the project holds no test yet, or the filter left none. Anything else that is not 0 shows its whole output.
    if [ "$code" -ne 0 ] && [ "$code" -ne 8 ]; then
        status=1
        [ "${f:-0}" -gt 0 ] || failed=$((failed + 1))
        echo "$output"
    elif [ "${s:-0}" -gt 0 ]; then
        grep -A1 -E '^ *skipped ' <<<"$output" | grep -vE '^ *skipped |^--' | sort | uniq -c
    fi
done

[ $((passed + failed)) -gt 0 ] || { echo "no test ran"; exit 1; }
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
exit $status
