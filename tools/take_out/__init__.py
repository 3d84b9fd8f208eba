"""Takes withdrawn comments out of the earlier editions of a publication.

`PYTHONPATH=tools python3 -m take_out FOLDER`: the folder is a publication before it is shown; its `withdrawn.json`
names the comments. What can be edited is edited, what cannot (a PDF, a picture) is replaced by one that says so, and
each altered edition tells it on every page and in `altered.json`. With `--check FOLDER` it tells what was altered in
this way from what was changed otherwise. Nothing but Python is needed: where sites are published, nothing is installed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from take_out.edition import NOTED, Edition, read


def take_out(publication: Path, names: list[str]) -> list[str]:
    """Take what the newest site calls withdrawn out of the earlier editions; returns the editions that were altered.

    In: the folder of the publication, names that are not to be shown.
    """
    withdrawn = json.loads(read(publication / "withdrawn.json") or '{"comments": [], "edition": ""}')
    altered = []
    for folder in sorted((publication / "editions").glob("*/")):
        if folder.name != withdrawn["edition"] and Edition(folder, withdrawn["comments"], names, publication).alter(
            withdrawn["edition"]
        ):
            altered.append(folder.name)
    every = {path.parent.name: json.loads(read(path)) for path in sorted((publication / "editions").glob(f"*/{NOTED}"))}
    if every:
        listed = {
            name: {key: file[key] for key in ("altered_with_edition", "comments", "note")}
            for name, file in every.items()
        }
        (publication / "editions" / NOTED).write_text(
            json.dumps(listed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    return altered


def differing(publication: Path) -> dict[str, str]:
    """The files of editions that are not as they were published: altered by withdrawal, or changed otherwise."""
    differences: dict[str, str] = {}
    for folder in sorted((publication / "editions").glob("*/")):
        altered: Mapping[str, Any] = json.loads(read(folder / NOTED) or "{}").get("files", {})
        package = json.loads(read(folder / "datapackage.json") or "{}")
        wanted = {
            resource["path"]: resource["hash"].removeprefix("sha256:") for resource in package.get("resources", ())
        }
        wanted |= {name: file["sha256"] for name, file in altered.items()}
        for name, sha256 in wanted.items():
            path = folder / name
            now = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            place = f"{folder.name}/{name}"
            if now != sha256:
                differences[place] = "changed, and not by a withdrawal"
            elif name in altered:
                differences[place] = f"altered by withdrawal: {altered[name]['how']}"
    return differences
