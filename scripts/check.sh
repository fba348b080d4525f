#!/bin/sh
# What can be checked without running the product. Stops at the first thing that is wrong.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"

# Settings of their own: nothing here may touch, or depend on, the data of the person who checks.
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
echo "== doors"
python scripts/lint_team_scoping.py
echo "== migrations"
python manage.py makemigrations --check --dry-run
echo "== deployment"
HTTPS=1 SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    python manage.py check --deploy --fail-level WARNING
