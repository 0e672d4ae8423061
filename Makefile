# Thin on purpose: what things do is in tools/setup.py and behind `siaga help`.
PYTHON ?= python3
NAME ?= intake
RUN := .venv/bin/
# Without compiled modules every one of our processes needs seconds to start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup setup-dev demo test lint check bench lock
.DEFAULT_GOAL := help

help: ## show this
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: ## install everything into .venv and build the front end
	@$(PYTHON) tools/setup.py

setup-dev: ## the same, with what the tests need
	@$(PYTHON) tools/setup.py --dev

demo: setup ## four regions alive on http://127.0.0.1:8112 (PORT=, SPEED=)
	@exec $(RUN)siaga demo

test: setup-dev check ## lint and every test, real calls through a real Asterisk too
	@$(RUN)python tools/fetch_phone.py
	$(RUN)python -m pytest
	$(RUN)python -m pytest tests/phone -o addopts="-q --import-mode=importlib -n 2 --dist loadfile --strict-markers --durations=15"

lint: setup-dev check ## only the linters

check:
	$(RUN)ruff check .
	$(RUN)ruff format --check .
	$(RUN)mypy
	$(RUN)python tools/setup.py --types
	$(RUN)lint-imports
	$(RUN)python tools/tidy.py

bench: setup ## measure: NAME=intake, live, board, console, search, phone
	@exec $(RUN)siaga bench $(NAME)

lock: ## renew requirements/*.txt from pyproject.toml (needs uv)
	@sh requirements/lock.sh
