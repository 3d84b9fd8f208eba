"""The document of all chapters as it is kept beside a site, for formats that are made from it later.

A file of its own for each site, named by the digest of what the site is made from: another state finds none.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brief.contract.frozen import build_folder
from brief.site.state import STAMP, Build

_NAME = "document-{}.json"


def keep(build: Build, document: Mapping[str, Any]) -> None:
    """Keep the document of a build, and no others than those of the sites that are there."""
    folder = build_folder(build.source)
    path = _path(folder, build.digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{os.getpid()}-{path.name}")
    new.write_text(json.dumps(document, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    new.replace(path)
    wanted = {path, *(_path(folder, stamp) for site in ("html", "draft/html") if (stamp := stamp_of(folder / site)))}
    for kept in path.parent.glob(_NAME.format("*")):
        if kept not in wanted:
            kept.unlink(missing_ok=True)


def kept(folder: Path, site: Path) -> dict[str, Any] | None:
    """The document that a site was made with; None where it is not kept. `folder` is that of the builds."""
    stamp = stamp_of(site)
    path = _path(folder, stamp) if stamp else None
    if path is None or not path.is_file():
        return None
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def stamp_of(site: Path) -> str:
    """The digest of what a site was made from; empty where it does not tell."""
    path = site / STAMP
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _path(folder: Path, digest: str) -> Path:
    return folder / "brief" / _NAME.format(digest[:32])
