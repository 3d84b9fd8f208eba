# The commands of the project. Each is also told in README.md; `make help` lists them.

VENV := .venv
BIN := $(VENV)/bin
SITE := _build/html
ARGS ?=
PYTHON ?=

.DEFAULT_GOAL := help
.PHONY: help site test serve bench check-site check-links clean publish set-up set-up-tests

help: ## list these commands
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  make \1  |\2/p' Makefile | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

site: set-up ## set up everything that is missing, build the brief, say where it is
	@$(BIN)/jupyter-book build .
	@echo
	@echo "The site: $(CURDIR)/$(SITE)/index.html"

# mypy runs beside the tests and is waited for: what it says stands below what they say, and either fails the command.
test: set-up-tests ## the same set-up, then style, types and all tests (ARGS="-k name -n 0" for some)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Run $(BIN)/ruff format . and look at what it changed."; exit 1; }
	@types=$$(mktemp); nice $(BIN)/mypy >"$$types" 2>&1 & \
	$(BIN)/python -m pytest -n logical --dist worksteal $(ARGS); tests=$$?; \
	wait $$!; typed=$$?; cat "$$types"; rm -f "$$types"; test $$tests = 0 && test $$typed = 0

serve: set-up ## build, show it on this machine, build again on every change
	@$(BIN)/brief serve $(ARGS)

bench: set-up ## what a build costs beside a bare Jupyter Book (ARGS="--runs 1" for a quick look)
	@$(BIN)/python benchmarks/build_time.py $(ARGS)

check-site: site set-up-tests ## check the built site as readers meet it (ARGS=--beside sets a bare Jupyter Book beside it)
	@PYTHONPATH=tools $(BIN)/python -m check_site $(SITE) $(ARGS)

check-links: set-up ## ask every address that the brief links to whether it is still there
	@$(BIN)/jupyter-book build . --builder linkcheck

publish: site ## copy a whole, strictly built site to a folder: make publish DEST=folder
	@$(if $(KEEP),FRESH="$(FRESH)" sh tools/keep.sh "$(SITE)" "$(DEST)" "$(KEEP)",sh tools/publish.sh "$(SITE)" "$(DEST)")
	@$(if $(KEY),$(BIN)/brief sign "$(DEST)" --key "$(KEY)",:)

clean: ## remove what was built; the environment in .venv stays
	@rm -rf _build

# Set-up runs once, and again only when the pins, the package's own requirements or the folder's place have changed.
set-up:
	@PYTHON="$(PYTHON)" sh tools/set-up.sh $(VENV) requirements.txt

set-up-tests:
	@PYTHON="$(PYTHON)" sh tools/set-up.sh $(VENV) requirements.txt requirements-test.txt
