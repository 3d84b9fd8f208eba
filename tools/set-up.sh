#!/bin/sh
# Makes the environment ENVIRONMENT hold what REQUIREMENTS pins: tools/set-up.sh ENVIRONMENT REQUIREMENTS...
# Does nothing, and asks the network for nothing, while neither the pins nor pyproject.toml nor the place have changed.
# The repository of the program has no constraints.txt, and a brief that stands alone no pyproject.toml.
# Where a .lock file lies beside REQUIREMENTS, each package must have one of the hashes that the file names. pip cannot
# check a folder by a hash, so the program itself comes after that, built with what was just installed and nothing else.
set -eu
cd "$(dirname "$0")/.."
environment=$1
shift

lock_of() {
    echo "${1%.txt}.lock"
}
stamp_of() {
    echo "$environment/$(basename "$1" .txt).stamp"
}
wanted() {
    for file in requirements.txt requirements.lock "$1" "$(lock_of "$1")" constraints.txt pyproject.toml; do
        [ ! -f "$file" ] || cat "$file"
    done
    pwd
}
# From here on the arguments are what is still to be installed.
for requirements in "$@"; do
    shift
    if [ ! -x "$environment/bin/python" ] ||
        [ "$(cat "$(stamp_of "$requirements")" 2>/dev/null || true)" != "$(wanted "$requirements" | cksum)" ]; then
        set -- "$@" "$requirements"
    fi
done
[ $# -gt 0 ] || exit 0

recent='import sys; sys.exit(sys.version_info < (3, 11))'
here=$(pwd)

# An environment holds absolute paths: after the folder has moved it must be made anew.
if ! "$environment/bin/python" -c "$recent" 2>/dev/null || [ "$(cat "$environment/place" 2>/dev/null || true)" != "$here" ]; then
    python=""
    for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3 python; do
        if "$candidate" -c "$recent" >/dev/null 2>&1; then
            python=$candidate
            break
        fi
    done
    if [ -z "$python" ]; then
        echo "Python 3.11 or later is needed, and none was found. Install it (on Debian or Ubuntu:" >&2
        echo "apt-get install python3 python3-venv), or name yours: make site PYTHON=/path/to/python3" >&2
        exit 1
    fi
    echo "Making an environment in $environment with $("$python" --version)"
    rm -rf "$environment"
    if ! "$python" -m venv "$environment"; then
        rm -rf "$environment"
        echo "That Python cannot make environments. On Debian or Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
    printf '%s\n' "$here" >"$environment/place"
fi

# pip compiles one file after the other, tests of libraries too, which takes longer than to install them.
pip_install() {
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile "$@"
}
compile() {
    "$environment/bin/python" -m compileall -qq -j 0 -x '/tests?/' "$environment/lib" || true
}
install() {
    for requirements in "$@"; do
        echo "Installing $requirements (this once; it takes a minute)"
        rm -f "$(stamp_of "$requirements")"
        lock=$(lock_of "$requirements")
        if [ -f "$lock" ]; then
            pip_install --require-hashes -r "$lock" || return 1
        else
            pip_install -r "$requirements" || return 1
        fi
        # pip keeps one processor busy: what is installed is compiled on another, while the next list comes in. One
        # after the other: two would compile the same files.
        wait
        compile &
    done
    [ ! -f "$lock" ] || pip_install --no-deps --no-index --no-build-isolation -e .
}
if ! install "$@"; then
    echo "The installation failed; the lines above say why. It needs the network. Then run the same command again." >&2
    exit 1
fi
wait
for requirements in "$@"; do
    wanted "$requirements" | cksum >"$(stamp_of "$requirements")"
done
