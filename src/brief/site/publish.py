"""The last step of a build: everything beside the pages, then the swap that makes the site public at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from brief.contract import frozen, manifest
from brief.site import browsing, metadata, sharing, tracing
from brief.site.policy import headers
from brief.site.state import DRAFT, STAMP, Build


def write_data(build: Build, trace: str) -> None:
    """Write figures, facts, the trace and archives: before the pages, which tell how large they are."""
    out = build.aside
    snapshot = build.snapshot
    shutil.copytree(snapshot.exhibits / "files", out / "figures", dirs_exist_ok=True)
    facts = [fact.as_json() for fact in snapshot.facts.values()]
    (out / "facts.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (out / tracing.FILE).write_text(trace, encoding="utf-8")
    browsing.write_tables(build)
    sharing.write(build)
    metadata.write_data(build)


def write_beside_pages(build: Build) -> None:
    """Write what pages need beside them: the colours, the charts' script, and what programs read of the site."""
    out = build.aside
    snapshot = build.snapshot
    (out / "_headers").write_text(headers(), encoding="utf-8")
    static = out / "_static"
    (static / "palette.css").write_text(snapshot.content["palette_css"], encoding="utf-8")
    (static / "vega-bundle.js").write_bytes(build.script.result())
    metadata.write(build)


def publish(build: Build) -> None:
    """Swap the whole site in: readers see the old one or the new one, never a half.

    Where another build was quicker and its site is of the inputs as they are now, that one stays.
    """
    for pattern in (".buildinfo", "mystnb.*.css"):
        for path in build.aside.rglob(pattern):
            path.unlink()
    listed = manifest.of_folder(build.snapshot.content["topic"]["edition"], build.aside)
    (build.aside / manifest.NAME).write_text(listed.text(), encoding="utf-8")
    # Without the stamp, the next build does not take this site for that of these inputs.
    if build.code_unchanged and build.settings_read:
        (build.aside / STAMP).write_text(build.digest, encoding="utf-8")
    with build.swapping():
        if build.unchanged:
            return
        old = build.former
        shutil.rmtree(old, ignore_errors=True)
        if build.published.exists():
            build.published.rename(old)
        build.aside.rename(build.published)
        shutil.rmtree(old, ignore_errors=True)


def recover(build: Build) -> None:
    """Bring the former site back where a swap was cut off between its two renames."""
    if build.former.is_dir() and not build.published.exists():
        with build.swapping():
            if build.former.is_dir() and not build.published.exists():
                build.former.rename(build.published)


def build(root: Path, draft: bool = False) -> Path:
    """Build the site as the plain command does, and return its folder.

    A draft builds in spite of statements that no longer hold, marks them, and goes to `_build/draft/html`.
    Raises `SystemExit` where the build fails; its faults have been printed by then, and `BriefError` where none may
    be written.
    """
    frozen.check_rights(root)
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(root)]
    environment = {**os.environ, DRAFT: "1" if draft else "0"}
    ended = subprocess.run(command, env=environment, check=False)
    if ended.returncode:
        raise SystemExit(ended.returncode)
    return root / "_build" / ("draft/html" if draft else "html")
