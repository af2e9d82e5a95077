#!/bin/sh
# All checks but the tests, which check the database too; goes on after a failure, to say everything at once.
cd "$(dirname "$0")/.." || exit 1
bin=.venv/bin
failed=""

check() {
    name=$1
    shift
    if "$@" >var/check.log 2>&1; then
        echo "  ok      $name"
    else
        echo "  FAILED  $name"
        tail -n 60 var/check.log | sed 's/^/          /'
        failed="$failed $name;"
    fi
}

# What a server would set: `check --deploy` is about a server, not about this machine.
as_server() {
    env HTTPS=1 DEMONSTRATION=0 DEBUG=0 ALLOWED_HOSTS=portal.example SITE_URL=https://portal.example \
        EMAIL_URL=smtp://mail.portal.example:25 \
        SECRET_KEY="$($bin/python -c 'import secrets; print(secrets.token_urlsafe(60))')" "$@"
}

templates() {
    git ls-files -z '*.html' | xargs -0 $bin/djade --target-version 6.0 --check
}

check "style (ruff)" $bin/ruff check .
check "format (ruff)" $bin/ruff format --check .
check "types (mypy)" $bin/mypy .
check "directions of imports (import-linter)" $bin/lint-imports
check "templates (djade)" templates
check "no migration is missing" $bin/python manage.py makemigrations --check --dry-run
check "translations" $bin/python manage.py messages --check
check "settings of a server" as_server $bin/python manage.py check --deploy --fail-level WARNING
check "system" $bin/python manage.py check --fail-level WARNING

[ -z "$failed" ] || { echo "Failed:$failed"; exit 1; }
