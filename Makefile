.DEFAULT_GOAL := help
PY := .venv/bin/python
PORT ?= 8080
# Many tests wait for a process or a browser: half again as many workers as cores keep the cores busy.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) \* 3 / 2 || echo auto)
unexport PYTHONDONTWRITEBYTECODE  # what is compiled is kept: the workers of pytest start in half the time

.venv/ready: requirements.lock
	python3 -m venv .venv && $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && touch $@

.venv/dev: requirements-dev.lock .venv/ready
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock && touch $@

.venv/ocr: requirements-ocr.lock .venv/dev
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-ocr.lock && touch $@

.PHONY: help demo run test check fix transcripts wire ocr bench torture pictures licences lock
help: ## these lines
	@grep -E '^[a-z]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 14

demo: .venv/ready ## try it in a browser: http://127.0.0.1:8080 (PORT=… for another)
	PAYUNG_PORT=$(PORT) $(PY) -m bot demo

run: .venv/ready ## the bot with its real channels, from the environment
	$(PY) -m bot run

test: .venv/dev ## every test
	$(PY) -m pytest -q -n $(WORKERS) --dist worksteal

check: .venv/dev ## format, lint, types, and the quick tests: the one habit
	$(PY) -m ruff format --check . && $(PY) -m ruff check . && $(PY) -m mypy && $(PY) -m pytest -q -n auto --dist worksteal -m "not slow"

fix: .venv/dev ## format and mend what can be mended
	$(PY) -m ruff format . && $(PY) -m ruff check --fix .

transcripts: .venv/dev ## rewrite the conversations with today's answers, and show what changed
	$(PY) -m pytest -q tests/test_conversations.py --update; git diff --stat tests/conversations

wire: .venv/dev ## against servers that others wrote: what this machine has
	$(PY) -m tests.wire.mockpost; $(PY) -m tests.wire.gramlab

ocr: .venv/ocr ## photos of identity cards, with the extra that reads them
	$(PY) -m pytest -q tests/ocr/photos.py

bench: .venv/dev ## speed beside a stock bot, 60 kills, a nation's reminders, two simulated years
	$(PY) -m bench.turns; $(PY) -m bench.crash --kills 60; $(PY) -m bench.crash --channel whatsapp --kills 60; $(PY) -m bench.tick; $(PY) -m bench.years

torture: .venv/dev ## all that is done to break it, in one table: hours (`python -m bench.torture --short`: minutes)
	$(PY) -m bench.torture

pictures: .venv/dev ## make the pictures of the README again
	$(PY) -m docs.pictures

licences: .venv/dev ## write docs/licences.md again, after `make lock`
	$(PY) -m docs.licences

lock: .venv/dev ## choose versions again, within pyproject.toml
	$(PY) -m uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url pyproject.toml -o requirements.lock
	$(PY) -m uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock
	$(PY) -m uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --extra ocr pyproject.toml -c requirements.lock -o requirements-ocr.lock
