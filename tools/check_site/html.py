"""Every page is valid HTML by the Nu checker, the one that the W3C and the WHATWG use."""

from __future__ import annotations

import json
import shutil
import subprocess

from check_site import CannotRun, Result, Site
from check_site.node import node_modules

_SECONDS = 300


def check(site: Site) -> Result:
    """Give all pages to the Nu checker at once. Raises `CannotRun` without Java."""
    java = shutil.which("java")
    if java is None:
        raise CannotRun("the Nu checker needs Java, which is not here")
    jar = next(node_modules().joinpath("vnu-jar").rglob("vnu.jar"))
    pages = [str(site.folder / name) for name in site.pages]
    command = [java, "-jar", str(jar), "--format", "json", "--exit-zero-always", *pages]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    messages = json.loads(ended.stderr)["messages"]
    errors = [one for one in messages if one["type"] == "error"]
    warnings = len([one for one in messages if one.get("subType") == "warning"])
    findings = [f"{one['url'].rpartition('/')[2]}:{one.get('lastLine', 0)}: {one['message']}" for one in errors]
    return Result.of("html", f"{len(pages)} pages, {len(errors)} errors, {warnings} warnings", findings)
