#!/bin/sh
# Renews the exact pins from the ranges in pyproject.toml: tools/pins.sh (needs uv; UV=/path/to/uv if it is not on PATH).
# With --keep every package that is pinned keeps its version: only what the ranges newly need comes in, and what they no
# longer need goes.
# The same pins serve all systems and every Python from 3.11 on; where one needs another version, a marker says so.
set -eu
cd "$(dirname "$0")/.."
UV=${UV:-uv}
command -v "$UV" >/dev/null || { echo "uv is needed: python3 -m pip install uv, then run this again." >&2; exit 1; }
pins=$(mktemp -d)
trap 'rm -rf "$pins"' EXIT
grep -hv '^[#-]' requirements.txt requirements-test.txt >"$pins/before"
compile() {
    "$UV" pip compile pyproject.toml --quiet --universal --python-version 3.11 --no-header --no-annotate "$@"
}
case ${1:-} in
    --keep) set -- --constraint "$pins/before" ;;
    "") set -- --upgrade ;;
    *) echo "The one option is --keep." >&2; exit 2 ;;
esac
compile "$@" --output-file "$pins/site" --extra access
compile "$@" --output-file "$pins/test" --extra access --extra test --constraint "$pins/site"
{
    echo "# Everything that builds the brief, pinned. Renew with tools/pins.sh, then run make test. Do not edit by hand."
    echo "# Install from the folder that holds this file: pip install -r requirements.txt"
    echo "-e ."
    cat "$pins/site"
} >requirements.txt
{
    echo "# Everything that tests the brief, pinned. Renew with tools/pins.sh. Do not edit by hand."
    echo "-r requirements.txt"
    grep -vxF -f "$pins/site" "$pins/test"
} >requirements-test.txt
