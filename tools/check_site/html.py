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
    errors = [message for message in messages if message["type"] == "error"]
    warnings = len([message for message in messages if message.get("subType") == "warning"])
    findings = [f"{error['url'].rpartition('/')[2]}:{error.get('lastLine', 0)}: {error['message']}" for error in errors]
    return Result.of("html", f"{len(pages)} pages, {len(errors)} errors, {warnings} warnings", findings)
