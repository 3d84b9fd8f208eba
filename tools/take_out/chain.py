"""Links the editions of a publication: each manifest names the digest of the manifest of the edition before it.

An edition that a withdrawal altered gets a manifest anew, which says so and names the one that it takes the place of.
An edition that was changed in any other way keeps its manifest, so that the change is found.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

from take_out.edition import NOTED, read
from take_out.manifest import NAME, SIGNATURE, Manifest, digest, of_folder, parse

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def link(publication: Path, newest: str) -> list[str]:
    """Write the manifests of the editions, the oldest first; returns what is wrong with earlier ones, in sentences.

    In: the folder of the publication before it is shown, the edition that was just laid into it.
    """
    wrong: list[str] = []
    before: tuple[str, str] | None = None
    renewed: dict[str, str] = {}
    for folder in sorted(path for path in (publication / "editions").glob("*/") if _DATE.fullmatch(path.name)):
        old = read(folder / NAME)
        if not old:
            continue
        try:
            manifest = parse(old)
        except ValueError as error:
            wrong.append(f"editions/{folder.name}/{NAME} is no manifest: {error}")
            continue
        new = manifest
        if folder.name == newest:
            new = replace(manifest, previous=before)
        else:
            new = _altered(folder, manifest, newest, wrong)
            named = manifest.previous
            if named != before and named and before and renewed.get(before[0]) == named[1]:
                new = replace(new, previous=before)
            elif named != before:
                wrong.append(f"editions/{folder.name} names another edition before it than the one that is there")
            if new != manifest:
                new = replace(new, former=(*manifest.former, (newest, digest(old.encode()))))
        (folder / NAME).write_text(new.text(), encoding="utf-8")
        if new != manifest and (folder / SIGNATURE).exists():
            # It was that of the former manifest, and would say that somebody forged this one.
            (folder / SIGNATURE).unlink()
        renewed[folder.name] = digest(old.encode())
        before = (folder.name, digest(new.text().encode()))
        if folder.name == newest:
            (publication / NAME).write_text(new.text(), encoding="utf-8")
    return wrong


def _altered(folder: Path, manifest: Manifest, newest: str, wrong: list[str]) -> Manifest:
    """The manifest of an earlier edition as a withdrawal left its files; as it is, where anything else changed one."""
    now = of_folder(manifest.edition, folder).files
    noted = json.loads(read(folder / NOTED) or "{}")
    listed = noted.get("files", {})
    names = {name for name in {*now, *manifest.files} if now.get(name) != manifest.files.get(name)}
    unexplained = [
        name
        for name in sorted(names)
        if name != NOTED and (name not in listed or listed[name]["sha256"] != now.get(name, (0, ""))[1])
    ]
    if unexplained or (names and noted.get("altered_with_edition") != newest):
        wrong.append(f"editions/{folder.name} is not as it was published: {', '.join(unexplained or sorted(names))}")
        return manifest
    return replace(manifest, files=now)


def main(arguments: list[str]) -> int:
    """The command: `chain_editions.py FOLDER EDITION`."""
    for sentence in link(Path(arguments[0]), arguments[1]):
        print(f"Look at this: {sentence}. brief verify tells more.", file=sys.stderr)
    return 0
