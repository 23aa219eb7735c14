#!/bin/sh
# Writes the lock files: exact versions and hashes, no address of any index. Needs uv.
set -eu
cd "$(dirname "$0")/.."
flags="--python-version 3.11 --generate-hashes --no-header --no-annotate --quiet"
# shellcheck disable=SC2086
uv pip compile pyproject.toml $flags --group local -o deploy/locks/main.txt
# shellcheck disable=SC2086
uv pip compile pyproject.toml $flags --group local --group dev -c deploy/locks/main.txt -o deploy/locks/dev.txt
if grep -nE '(https?|file)://|^--(extra-)?index-url|^--find-links' deploy/locks/*.txt; then
  echo "a lock file names a package host" >&2
  exit 1
fi
