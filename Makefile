# Most users need two commands: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test unit lint checkov docs bench fidelity wheel lock clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

setup: $(VENV)/.local ## Install Refit and the embedded cloud: .venv/bin/refit

demo: setup ## Demonstrate the whole product on this machine, without an AWS account
	@$(BIN)/refit demo

test: $(VENV)/.dev ## Run every test: units, Terraform plans, and the real stack on the embedded cloud
	@command -v terraform > /dev/null || \
	  { echo "terraform is not on the PATH; install Terraform 1.10 or later, or run: make unit" >&2; exit 1; }
	@$(BIN)/pytest -n auto --dist loadscope --no-loadscope-reorder --durations 20 --durations-min 1

unit: $(VENV)/.dev ## Run the quick tests
	@$(BIN)/pytest --ignore tests/end_to_end --ignore tests/terraform

lint: $(VENV)/.dev ## Check style, types, Terraform formatting and workflows
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@terraform fmt -check -recursive terraform
	@$(BIN)/jactionlint --no-online --shellcheck= --pyflakes=
	@$(BIN)/zizmor --offline --quiet --no-progress .github

checkov: $(VENV)/checkov/.installed ## Check terraform/ for insecure settings; a finding is fixed, or skipped with its reason
	@$(VENV)/checkov/bin/checkov --directory terraform --framework terraform --skip-download --compact --quiet

docs: setup ## Regenerate the pages that are made from the code
	@$(BIN)/refit docs

bench: $(VENV)/.dev ## Run the benchmarks
	@for file in benchmarks/*.py; do PYTHONPATH=. $(BIN)/python $$file || exit 1; done

fidelity: setup ## Compare the embedded cloud with AWS; docs/fidelity.md says what it needs
	@$(BIN)/python -m benchmarks.fidelity $(SUITES)

wheel: setup ## Build the package that other repositories install, into dist/
	@rm -rf dist && $(BIN)/hatchling build --target wheel --directory dist

lock: ## Resolve pyproject.toml again, and pin it in requirements/
	@$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet uv==0.13.9
	@lock() { $(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --no-annotate --output-file "requirements/$$@"; }; \
	  lock driver.txt pyproject.toml && lock local.txt pyproject.toml --extra local && \
	  lock dev.txt pyproject.toml --extra local --extra xgboost --group dev && lock build.txt --group pyproject.toml:build && \
	  lock checkov.txt --group pyproject.toml:checkov
	@rm -rf $(VENV)-lock

clean: ## Remove what was built; refit local reset removes the embedded cloud's state
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Refit needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V 2>&1). Write: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.local: requirements/local.txt requirements/build.txt pyproject.toml | $(BIN)/python
	@echo "Installing Refit and the embedded cloud into $(VENV)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/local.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.local
	@echo "Installing the test tools into $(VENV)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/checkov/.installed: requirements/checkov.txt
	@echo "Installing checkov into $(VENV)/checkov"
	@$(PYTHON) -m venv --clear $(VENV)/checkov
	@$(VENV)/checkov/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
