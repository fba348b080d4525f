# Xiaoka: needs make and Python 3.11, 3.12 or 3.13; everything else goes into .venv/ and var/.
PYTHON ?= python3
RUN := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run demo test drills soak bench check messages pictures baselines installed installed-dev

help: ## Show this list
	@echo "Xiaoka. Settings (PORT, HOST, DATA_DIR, DATABASE_URL …) come from the environment: see tracker/settings.py"
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

run: installed ## Serve Xiaoka on http://127.0.0.1:8000 (PORT=… HOST=…), with its worker; Ctrl-C ends it
	@$(RUN) manage.py serve

demo: installed ## The same with some 300 made-up cases, in a separate database in var/demo
	@DATABASE_URL= DATA_DIR=var/demo $(RUN) manage.py serve --demo

test: installed-dev ## Run the tests but for the drills (make test ARGS="-k calendar")
	@$(RUN) -m pytest -n 2 -m "not drill" $(ARGS)

drills: installed-dev ## Run the tests that start or kill processes, and those in a browser, where their tools are
	@$(RUN) -m pytest -n 2 -m drill $(ARGS)

soak: installed-dev ## Longer runs: kills and load (DATABASE_URL=postgres://…, XIAOKA_SOAK=20 times), axe on every page in every way, the API
	@XIAOKA_SOAK=$${XIAOKA_SOAK:-20} $(RUN) -m pytest tests/management/test_several_servers.py tests/browser/test_axe.py $(ARGS)
	@DATABASE_URL= $(RUN) scripts/fuzz_api.py --seconds 900

bench: installed-dev ## Benchmark reminders, or pages with ARGS="--pages --helpdesk" (ARGS="--help" lists all options)
	@$(RUN) -m bench $(ARGS)

check: installed-dev ## Check style, types, floors, queries, migrations, deployment settings
	@sh scripts/check.sh

messages: installed-dev ## Update the translation catalogue (needs gettext)
	@$(RUN) scripts/messages.py

pictures: installed-dev ## Make the pictures in the documents again (needs Chromium)
	@$(RUN) scripts/screenshots.py

baselines: installed-dev ## Keep how the pages look now, for the tests to compare with (needs Chromium)
	@XIAOKA_BASELINES=1 $(RUN) -m pytest -q tests/browser/test_screenshots.py -k pages_look

installed:
	@$(PYTHON) scripts/install.py requirements.txt

installed-dev:
	@$(PYTHON) scripts/install.py requirements-dev.txt
