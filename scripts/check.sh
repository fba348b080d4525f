#!/bin/sh
# Everything that can be checked without running the product. Stops at the first failure.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"

# Its own settings: nothing here may touch, or depend on, the data of the person who runs it.
unset DATABASE_URL ALLOWED_HOSTS HOST PORT DEBUG XIAOKA_TEST
DATA_DIR="$(mktemp -d)"
export DATA_DIR
trap 'rm -rf "$DATA_DIR"' EXIT

echo "== ruff"
ruff check .
ruff format --check .
echo "== mypy --strict"
mypy
echo "== layers"
lint-imports
echo "== queries outside the selectors"
python scripts/lint_team_scoping.py
echo "== migrations"
python manage.py makemigrations --check --dry-run
echo "== deployment"
HTTPS=1 SITE_URL=https://localhost SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    python manage.py check --deploy --fail-level WARNING
