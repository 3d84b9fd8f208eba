#!/bin/sh
# Publishes a site with all its earlier editions, which a branch of the repository keeps: tools/keep.sh SITE DEST BRANCH
# The branch holds only what is published. It is fetched, the site is laid over it, and the result is pushed again.
# With FRESH=1 the branch becomes one commit: its earlier ones, which hold what was withdrawn since, are no longer there.
set -eu
site=$1
dest=${2%/}
branch=$3
remote=${REMOTE:-origin}
who="the contributors"

if [ -z "$dest" ] || [ -e "$dest" ]; then
    echo "Name a new folder: make publish DEST=folder KEEP=branch" >&2
    exit 2
fi
git check-ref-format --branch "$branch" >/dev/null || { echo "'$branch' cannot be the name of a branch." >&2; exit 2; }
aside=$(mktemp -d)
trap 'rm -rf "$aside"' EXIT
parent=""
if [ -n "$(git ls-remote --heads "$remote" "$branch")" ]; then
    git fetch --quiet --depth=1 "$remote" "$branch"
    parent=$(git rev-parse FETCH_HEAD)
    mkdir -p "$dest"
    git archive "$parent" | tar -x -C "$dest"
fi
sh "$(dirname "$0")/publish.sh" "$site" "$dest"
GIT_INDEX_FILE="$aside/index" git --work-tree="$dest" add --all --force .
tree=$(GIT_INDEX_FILE="$aside/index" git write-tree)
force=""
if [ -n "${FRESH:-}" ] && [ -n "$parent" ]; then
    force="--force-with-lease=refs/heads/$branch:$parent"
    parent=""
elif [ -n "$parent" ] && [ "$tree" = "$(git rev-parse "$parent^{tree}")" ]; then
    exit 0
fi
commit=$(git -c user.name="$who" -c user.email="contributors@localhost" commit-tree "$tree" ${parent:+-p "$parent"} \
    -m "Publish the edition of $(head -n 1 "$site/edition.txt")")
# shellcheck disable=SC2086
git push --quiet $force "$remote" "$commit:refs/heads/$branch"
echo "Kept in the branch $branch: $(ls "$dest/editions" | tr '\n' ' ')"
