#!/usr/bin/env bash
# Builds a project or solution: build.sh PATH CONFIGURATION. What is missing on the machine is told in one sentence.
set -uo pipefail
cd "$(dirname "$0")/.."

# A registry that cannot be reached is asked again for minutes unless told otherwise.
export NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT=2 NUGET_ENHANCED_NETWORK_RETRY_DELAY_MILLISECONDS=500

output=$(timeout 900 dotnet build "$1" --configuration "$2" --nologo --verbosity quiet 2>&1) && exit 0
if grep -qE 'NU1301|NU1101|NU1102' <<<"$output"; then
    echo "Packages are missing and the package registry cannot be reached or does not have them: $(grep -oE 'error NU1[0-9]+: [^[]*' <<<"$output" | head -n 1)"
else
    echo "$output"
    echo "build failed"
fi
exit 1
