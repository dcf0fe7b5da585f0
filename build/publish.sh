#!/usr/bin/env bash
# Publishes one self-contained single-file binary a platform to artifacts/<platform>/. Not trimmed: trimming throws away the
# framework's precompiled code, and the server would start three times slower. Our own code is precompiled too (ReadyToRun): it is
# ready in half the time and with half the CPU, and what runs often is compiled again from what was measured. A platform's runtime is
# no dependency of the projects, so each publication has a lock file of its own below obj/.
set -euo pipefail
cd "$(dirname "$0")/.."

publish() {
    dotnet publish src/Forethought/Forethought.csproj --configuration Release --runtime "$1" --self-contained true \
        -p:PublishSingleFile=true -p:PublishReadyToRun=true -p:IncludeNativeLibrariesForSelfExtract=true -p:DebugType=embedded -p:SatelliteResourceLanguages=en -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false \
        -p:RestoreLockedMode=false -p:NuGetLockFilePath="obj/publish-$1.lock.json" \
        --output "artifacts/$1" --nologo --verbosity quiet
}

rm -rf artifacts
publish linux-x64
ls -l artifacts/linux-x64/forethought
for platform in ${PLATFORMS-linux-arm64 win-x64}; do
    if publish "$platform" >"artifacts/$platform.log" 2>&1; then
        rm "artifacts/$platform.log"
        ls -l "artifacts/$platform"/forethought*
    else
        echo "$platform: not published, see artifacts/$platform.log ($(grep -m1 -oE 'error [A-Z]+[0-9]+: .*' "artifacts/$platform.log" | cut -c1-160))"
    fi
done
