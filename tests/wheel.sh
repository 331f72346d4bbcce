#!/bin/sh
# Build the wheel, install it bare in an environment of its own, start it, fetch a page and its stylesheet.
set -eu
work=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
.venv/bin/python -m pip wheel -q --disable-pip-version-check --no-deps --no-build-isolation -w "$work" .
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
"$work/venv/bin/python" -m pip install -q --disable-pip-version-check --no-deps "$work"/consult-*.whl
export CONSULT_INSTANCE="$work/instance"
cd "$work"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$work/venv/bin/consult" db upgrade
"$work/venv/bin/consult" serve --port "$port" 2>"$work/log" &
server=$!
python3 - "$port" <<'PYTHON'
import re, sys, time, urllib.error, urllib.request

base = f"http://127.0.0.1:{sys.argv[1]}"
for attempt in range(100):
    try:
        page = urllib.request.urlopen(base + "/").read().decode()
        break
    except urllib.error.URLError:
        time.sleep(0.2)
else:
    sys.exit("the installed wheel did not answer")
sheet = re.search(r'rel="stylesheet" href="([^"]+)"', page)[1]
style = urllib.request.urlopen(base + sheet).read().decode()
assert "<h1" in page and "@layer" in style, "page or stylesheet is not what it should be"
print(f"The bare wheel serves its first page ({len(page)} bytes) and its stylesheet ({len(style)} bytes).")
PYTHON
kill -INT "$server"
wait "$server" || { status=$?; cat "$work/log"; exit "$status"; }
