#!/bin/bash
# Installs the Debian packages that are missing for the named purposes: build, test, browser, api, bench.
# Asks nothing, and does nothing when all are there.
set -euo pipefail

build="libhiredis-dev libidn2-dev libphonenumber-dev libsqlite3-dev pkg-config tzdata"
run="curl"
test="openssl python3 redis-server tzdata"
browser="chromium chromium-driver python3 python3-pip"
api="python3 python3-venv"
bench="gcc libc6-dev libsqlite3-dev nghttp2-client nginx-light python3 redis-server wrk"

if ! command -v swift >/dev/null; then
    echo "setup: no Swift toolchain found; install Swift 6.3 or later from swift.org and put it on the PATH" >&2
    exit 1
fi

wanted=$run
for purpose in "$@"; do
    case $purpose in
        build) wanted+=" $build" ;;
        test) wanted+=" $test" ;;
        browser) wanted+=" $browser" ;;
        api) wanted+=" $api" ;;
        bench) wanted+=" $bench" ;;
        *) echo "setup: unknown purpose \`$purpose\`; expected build, test, browser, api or bench" >&2; exit 64 ;;
    esac
done

if ! command -v dpkg-query >/dev/null; then
    echo "setup: this is not Debian or a relative of it; make sure of these packages yourself: $wanted" >&2
    exit 0
fi

missing=
for package in $wanted; do
    state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    if [[ $state != installed && " $missing " != *" $package "* ]]; then missing+=" $package"; fi
done
if [[ -z $missing ]]; then exit 0; fi

as_root=
if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
        echo "setup: install these packages as root, then try again:$missing" >&2
        exit 1
    fi
    as_root=sudo
fi
echo "setup: installing$missing" >&2
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update --quiet=2 </dev/null
# RUNLEVEL=1 keeps nginx from being started as a system service: the benchmark starts its own.
$as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
    apt-get install --yes --quiet=2 --no-install-recommends $missing </dev/null
