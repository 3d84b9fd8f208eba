#!/bin/sh
# Copies a built site to a folder that a web server serves: tools/publish.sh SITE DEST
# Written aside first and renamed at the end, so that readers see the former site or the new one, never a half.
set -eu
site=$1
dest=${2%/}
mark=".brief-publication"

if [ -z "$dest" ]; then
    echo "Say where to: make publish DEST=folder" >&2
    exit 2
fi
if [ ! -f "$site/index.html" ]; then
    echo "There is no site in $site. Run make site first." >&2
    exit 1
fi
# Behind a link, the folder it leads to is replaced, not the link.
if [ -L "$dest" ]; then
    dest=$(cd "$dest" && pwd -P)
fi
new="$dest.new"
old="$dest.old"
# Stopped between its two renames, a former run left the publication under the other name, all editions included.
if [ ! -e "$dest" ] && [ -f "$old/$mark" ]; then
    mv "$old" "$dest"
fi
if [ -e "$dest" ] && [ ! -d "$dest" ]; then
    echo "$dest is a file. Name a folder: make publish DEST=folder" >&2
    exit 1
fi
if [ -d "$dest" ] && [ -n "$(ls -A "$dest")" ] && [ ! -f "$dest/$mark" ]; then
    echo "$dest holds something that is not a publication of a brief; nothing was changed." >&2
    echo "Name an empty or a new folder: make publish DEST=folder" >&2
    exit 1
fi

for folder in "$new" "$old"; do
    if [ -e "$folder" ] && [ ! -f "$folder/$mark" ]; then
        echo "$folder is in the way; move it elsewhere. Nothing was changed." >&2
        exit 1
    fi
    rm -rf "$folder"
done
trap 'rm -rf "$new"' EXIT
mkdir -p "$new"
: >"$new/$mark"
cp -R "$site/." "$new"
rm -f "$new/.brief-digest"
# What the host of the site keeps in the folder is not ours to remove.
for kept in CNAME .well-known .git; do
    if [ -e "$dest/$kept" ] && [ ! -e "$new/$kept" ]; then
        cp -R "$dest/$kept" "$new/$kept"
    fi
done
# Each edition keeps an address of its own: that of this date is renewed, those of other dates stay as they are.
edition=$(head -n 1 "$site/edition.txt" 2>/dev/null || true)
case $edition in
[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9])
    mkdir -p "$new/editions"
    if [ -d "$dest/editions" ]; then
        cp -R "$dest/editions/." "$new/editions/"
    fi
    rm -rf "${new:?}/editions/$edition"
    cp -R "$site" "$new/editions/$edition"
    rm -f "$new/editions/$edition/.brief-digest"
    ;;
esac
# What was withdrawn since leaves the earlier editions too, or nothing is published.
if [ -f "$site/withdrawn.json" ] && [ -d "$new/editions" ]; then
    if ! python3 -E -s -S "$(dirname "$0")/take_out_withdrawn.py" "$new"; then
        echo "What was withdrawn could not be taken out of the earlier editions (it needs python3). Nothing was changed." >&2
        exit 1
    fi
fi
# Each edition names the one before it, so that none can be changed, taken out or put in between unnoticed.
if [ -n "$edition" ] && [ -f "$new/editions/$edition/manifest.txt" ]; then
    if ! python3 -E -s -S "$(dirname "$0")/chain_editions.py" "$new" "$edition"; then
        echo "The editions could not be linked with each other (it needs python3). Nothing was changed." >&2
        exit 1
    fi
fi
# Without this file GitHub Pages leaves out folders whose names begin with an underscore.
: >"$new/.nojekyll"
if [ -d "$dest" ]; then
    mv "$dest" "$old"
    mv "$new" "$dest" || { mv "$old" "$dest"; exit 1; }
    rm -rf "$old"
else
    mv "$new" "$dest"
fi
echo "Published: $dest/index.html"
