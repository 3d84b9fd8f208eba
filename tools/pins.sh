#!/bin/sh
# Renews the exact pins from the ranges in pyproject.toml: tools/pins.sh (needs uv; UV=/path/to/uv if it is not on PATH).
# With --keep every package that is pinned keeps its version: only what the ranges newly need comes in, and what they no
# longer need goes.
# The same pins serve all systems and every Python from 3.11 on; where one needs another version, a marker says so.
# Each list is written twice. The .lock file holds the hashes of every file of a package. The .txt file holds none,
# because pip refuses to install a folder ("-e .") beside packages that it checks by their hashes.
set -eu
cd "$(dirname "$0")/.."
UV=${UV:-uv}
command -v "$UV" >/dev/null || { echo "uv is needed: python3 -m pip install uv, then run this again." >&2; exit 1; }
pins=$(mktemp -d)
trap 'rm -rf "$pins"' EXIT
grep -hv '^[#-]' requirements.txt requirements-test.txt >"$pins/before"
# What builds the package itself is pinned like the rest: set-up builds it with what is installed.
echo setuptools >"$pins/backend.in"
compile() {
    "$UV" pip compile pyproject.toml "$pins/backend.in" --quiet --universal --python-version 3.11 --no-header --no-annotate \
        --generate-hashes "$@"
}
without_hashes() {
    sed -e '/^ /d' -e 's/ *\\$//' "$1"
}
case ${1:-} in
    --keep) set -- --constraint "$pins/before" ;;
    "") set -- --upgrade ;;
    *) echo "The one option is --keep." >&2; exit 2 ;;
esac
compile "$@" --output-file "$pins/site" --extra access
without_hashes "$pins/site" >"$pins/site-constraints"
compile "$@" --output-file "$pins/all" --extra access --extra test --constraint "$pins/site-constraints"
# What the tests need on top: each package with its hashes, unless the site's list has it.
awk 'NR == FNR { if (!/^ /) listed[$0]; next } !/^ / { skip = ($0 in listed) } !skip' "$pins/site" "$pins/all" >"$pins/test"
backend=$(without_hashes "$pins/site" | sed -n 's/^setuptools==\([^ ;]*\)$/\1/p')
[ -n "$backend" ] || { echo "uv named no single version of setuptools; nothing was changed." >&2; exit 1; }
sed "s/^requires = \[\"setuptools==.*\"\]$/requires = [\"setuptools==$backend\"]/" pyproject.toml >"$pins/pyproject"
{
    echo "# Everything that builds the brief, pinned. Renew with tools/pins.sh, then run make test. Do not edit by hand."
    echo "# Install from the folder that holds this file: pip install -r requirements.txt"
    echo "-e ."
    without_hashes "$pins/site"
} >requirements.txt
{
    echo "# Everything that tests the brief, pinned. Renew with tools/pins.sh. Do not edit by hand."
    echo "-r requirements.txt"
    without_hashes "$pins/test"
} >requirements-test.txt
{
    echo "# The packages of requirements.txt with the hashes of their files, for make and the automatic checks."
    echo "# Renew with tools/pins.sh. Do not edit by hand."
    cat "$pins/site"
} >requirements.lock
{
    echo "# The packages of requirements-test.txt with the hashes of their files, for make and the automatic checks."
    echo "# Renew with tools/pins.sh. Do not edit by hand."
    echo "-r requirements.lock"
    cat "$pins/test"
} >requirements-test.lock
cat "$pins/pyproject" >pyproject.toml
