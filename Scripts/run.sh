#!/bin/bash
# Starts the governor in the foreground on the embedded store, with example data the first time. Ctrl-C stops it.
# From the environment: GOVERNOR_BINARY, DATA, POLICIES, PORT, GOVERNOR_ADMIN_KEY.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=${GOVERNOR_BINARY:-.build/release/governor}
data=${DATA:-data}
policies=${POLICIES:-policies}
port=${PORT:-8080}
address=127.0.0.1:$port
url=http://$address

fail() {
    echo "run: $*" >&2
    exit 1
}

[[ $port =~ ^[0-9]+$ ]] && ((port >= 1 && port <= 65535)) || fail "PORT=$port is not a port; give one from 1 to 65535"
[[ -x $binary ]] || fail "$binary is not there; \`make build\` makes it"
IFS=, read -r -a policy_paths <<<"$policies"
for path in "${policy_paths[@]}"; do
    [[ -e $path ]] || fail "there are no policies at $path; name others with POLICIES=…, separated by commas"
done
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    fail "port $port is in use; choose another one: make run PORT=$((port < 65535 ? port + 1 : 8081))"
fi

mkdir -p "$data" 2>/dev/null && [[ -w $data ]] || fail "cannot write to the data folder $data; name another with DATA=…"
is_first=false
[[ -e $data/people.db ]] || is_first=true
key_file=$data/admin-key
if [[ -z ${GOVERNOR_ADMIN_KEY:-} ]]; then
    if [[ ! -s $key_file ]]; then
        (umask 077 && head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$key_file")
    fi
    GOVERNOR_ADMIN_KEY=$(<"$key_file")
fi
export GOVERNOR_ADMIN_KEY

"$binary" serve --listen "$address" --store "sqlite:$data/people.db" --policies "$policies" --data "$data" &
server=$!
# The terminal sends Ctrl-C to the server too; anything else is passed on. Either way its own end is waited for.
trap 'kill -TERM "$server" 2>/dev/null || true' INT TERM HUP
stopped() {
    # A signal ends `wait` early; the server's own status is what counts.
    while kill -0 "$server" 2>/dev/null; do wait "$server" || true; done
    wait "$server"
}

for ((tries = 0; ; tries++)); do
    curl --silent --fail --output /dev/null --max-time 2 "$url/readyz" && break
    kill -0 "$server" 2>/dev/null || { stopped || fail "the governor did not start; its own message stands above"; exit 1; }
    ((tries < 600)) || { kill -TERM "$server"; fail "the governor was not ready within a minute; see $url/readyz"; }
    sleep 0.1
done

if $is_first; then
    for kind in people holdings touches opt-outs; do
        file=Scripts/example-data/$kind.csv
        if [[ -e $file ]]; then
            GOVERNOR_URL=$url GOVERNOR_KEY=$GOVERNOR_ADMIN_KEY "$binary" import "$kind" "$file" >&2 ||
                echo "run: the example $kind were not imported; the governor runs without them" >&2
        fi
    done
fi

cat <<TEXT

The governor listens on $url with the policies in $policies and its data in $data.
Key: $GOVERNOR_ADMIN_KEY
Console: $url/console (sign in with the key)

Ask it something: may we call Ana, who holds a term life policy, to sell her another one?

curl -s $url/v1/decisions \\
  -H 'Authorization: Bearer $GOVERNOR_ADMIN_KEY' -H 'Content-Type: application/json' \\
  -d '{"contact": {"phone": "+1 212 555 0100", "country": "US", "region": "NY"}, "channel": "voice", "purpose": "marketing", "product": "term-life"}'

Ctrl-C stops it.
TEXT
stopped
