#!/bin/sh
# Writes the locks anew from pyproject.toml. Needs uv. `sh requirements/lock.sh --upgrade` renews all.
set -eu
cd "$(dirname "$0")/.."
lock() {
    out=$1; shift
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
        --output-file "requirements/$out" "$@"
}
lock base.txt pyproject.toml "$@"
lock voice.txt --group voice --constraint requirements/base.txt "$@"
lock build.txt --group build --constraint requirements/base.txt "$@"
lock dev.txt --group dev --constraint requirements/base.txt "$@"
