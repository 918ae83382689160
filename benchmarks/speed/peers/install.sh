#!/bin/sh
# Make an environment for each peer under .venv-peers/, once. Usage: install.sh PYTHON PYTHON_3_12
set -eu
cd "$(dirname "$0")/../../.."

install() { # interpreter, name, requirements...
    python=$1; name=$2; shift 2
    [ -e ".venv-peers/$name/.installed" ] && return
    [ -x "$python" ] || { echo "$name: there is no Python for it on this machine; left out" >&2; return; }
    "$python" -m venv ".venv-peers/$name"
    ".venv-peers/$name/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
    touch ".venv-peers/$name/.installed"
}

install "$1" huey 'huey>=3.5,<4' 'redis>=5'
install "$1" celery 'celery[redis]>=5.5,<6'
install "$1" chancy 'chancy>=0.26,<0.27' 'psycopg[binary]'
install "$1" pgqueuer 'pgqueuer>=1.6,<2' asyncpg uvloop
install "${2:-}" oban 'oban>=0.7,<0.8' 'psycopg[binary]' uvloop
install "$1" procrastinate 'procrastinate>=3.10,<4' 'psycopg[binary]'
command -v redis-server >/dev/null || {
    echo "huey and celery need Redis: install the system's package, redis-server" >&2
    exit 2
}
