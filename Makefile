# Xiaoka: needs make and Python 3.11 to 3.14; everything else goes into .venv/ and var/.
PYTHON ?= python3
RUN := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run demo test drills soak mutants bench check reading messages pictures baselines pythons lock components
.PHONY: licences install installed installed-dev

help: ## Show this list
	@echo "Xiaoka. Settings (PORT, HOST, DATA_DIR, DATABASE_URL …) come from the environment: see docs/operations.md"
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

run: installed ## Run Xiaoka on http://127.0.0.1:8000 (PORT=… HOST=…); press Ctrl-C to stop
	@$(RUN) manage.py serve

install: installed ## Install the packages and compile the translations, without starting: for services
	@$(RUN) -m cases.management.compile_messages

demo: installed ## Run it with about 300 fictitious cases, in a separate database in var/demo
	@DATABASE_URL= DATA_DIR=var/demo $(RUN) manage.py serve --demo

test: installed-dev ## Run the tests, except the drills (make test ARGS="-k calendar")
	@$(RUN) -m pytest -n 2 -m "not drill" $(ARGS)

drills: installed-dev ## Run the tests that start or kill processes, and the browser tests, if their tools are installed
	@$(RUN) -m pytest -n 2 -m drill $(ARGS)

soak: installed-dev ## Run long tests: killed processes under load, 20,000 random histories (DATABASE_URL=postgres://…, XIAOKA_SOAK=20 times), axe on every page, the API
	@XIAOKA_SOAK=$${XIAOKA_SOAK:-20} $(RUN) -m pytest tests/management/test_several_servers.py tests/browser/test_axe.py $(ARGS)
	@XIAOKA_SOAK=1 $(RUN) -m pytest -n 2 -m drill tests/replay
	@DATABASE_URL= $(RUN) scripts/fuzz_api.py --seconds 900

mutants: installed-dev ## Plant faults in the rules, one at a time, and list those that no test notices (ARGS="--seed 7 --count 300")
	@nice -n 10 $(RUN) -m scripts.mutants $(ARGS)

bench: installed-dev ## Benchmark reminders, or pages with ARGS="--pages --helpdesk" (ARGS="--help" lists all options)
	@$(RUN) -m bench $(ARGS)

check: installed-dev ## Check style, types, layers, queries, migrations, deployment settings
	@sh scripts/check.sh

reading: installed-dev ## Measure how SMS are read, on writers left out (ARGS="--write" updates docs/reading.md)
	@$(RUN) -m scripts.measure_reading $(ARGS)

messages: installed-dev ## Update the translation catalogue (needs gettext)
	@$(RUN) scripts/messages.py

pictures: installed-dev ## Recreate the pictures in the documents (needs Chromium)
	@$(RUN) scripts/screenshots.py

baselines: installed-dev ## Store how the pages look now, for the browser tests to compare with (needs Chromium)
	@XIAOKA_BASELINES=1 $(RUN) -m pytest -q tests/browser/test_screenshots.py -k pages_look

pythons: installed-dev ## Set up, test in part and run on each other Python from 3.11 to 3.14 that is there, or that uv can bring
	@$(RUN) scripts/interpreters.py $(ARGS)

lock: ## Write requirements.lock and requirements-dev.lock anew: the pins of requirements*.txt, with all hashes
	@$(PYTHON) scripts/lock.py

components: installed ## Write the list of components (CycloneDX) to var/components.cdx.json
	@$(RUN) scripts/components.py components

licences: installed ## Write THIRD-PARTY-LICENCES.txt anew: the licences of all that is shipped
	@$(RUN) scripts/components.py licences

installed:
	@$(PYTHON) scripts/install.py requirements.txt

installed-dev:
	@$(PYTHON) scripts/install.py requirements-dev.txt
