#!/bin/sh
# Finds a Python that really runs and is new enough, then hands over to bootstrap.py.
set -eu
cd "$(dirname "$0")/.."

suits() {
    "$1" -c 'import ensurepip, ssl, sys, venv; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

# A pyenv shim answers "command not found" for a version that is not chosen: hence its folders too.
find_python() {
    versions="${PYENV_ROOT:-${HOME:-/nonexistent}/.pyenv}/versions"
    for candidate in .venv/bin/python "${PYTHON:-}" python3.13 python3.12 \
        "$versions"/3.13*/bin/python3 "$versions"/3.12*/bin/python3 \
        python3 python3.14 "$versions"/3.*/bin/python3 python; do
        if [ -n "$candidate" ] && suits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    cat >&2 <<'MESSAGE'
No usable Python found. The portal needs Python 3.12 or newer, with its venv module.
Looked for: $PYTHON, python3.13, python3.12, those of pyenv, python3.
Install one (Debian: apt-get install python3.13-venv) or name it: make demo PYTHON=/path/to/python3
MESSAGE
    return 1
}

python=$(find_python)
exec "$python" -B deploy/bootstrap.py "$@"
