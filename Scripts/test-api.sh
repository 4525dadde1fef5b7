#!/bin/bash
# Asks a governor of its own every operation of openapi.yaml by schemathesis: GOVERNOR_BINARY, GOVERNOR_SCHEMATHESIS.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
server=
trap 'if [[ -n $server ]]; then kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; fi; rm -rf "$folder"' EXIT
export GOVERNOR_KEY=key-of-the-api-test
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
GOVERNOR_ADMIN_KEY=$GOVERNOR_KEY GOVERNOR_PUBLIC_URL=https://contact.example.com "$GOVERNOR_BINARY" serve \
    --listen "127.0.0.1:$port" --store "sqlite:$folder/data/people.db" --data "$folder/data" --policies policies \
    >"$folder/log" 2>&1 &
server=$!
for _ in $(seq 100); do
    if curl --silent --fail --output "$folder/ready" "http://127.0.0.1:$port/readyz"; then break; fi
    sleep 0.1
done
if ! "$GOVERNOR_SCHEMATHESIS" --config-file Tests/API/schemathesis.toml run openapi.yaml --url "http://127.0.0.1:$port" --no-color; then
    echo "the server's last lines:"
    tail -n 5 "$folder/log"
    exit 1
fi
