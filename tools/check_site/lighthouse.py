"""Lighthouse on its phone profile: speed, accessibility, best practices and search at 95 or more on every page."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from check_site import CannotRun, Result, Site
from check_site.browsers import find_chromium, flags
from check_site.node import node_modules

LEAST = 95
_CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
_SECONDS = 180
# A page that says "not found" is not to be found by a search, which Lighthouse would count against it.
_LEFT_OUT = ("404.html",)


def check(site: Site) -> Result:
    """Run Lighthouse on each chapter's page. Raises `CannotRun` without Node or a browser."""
    lighthouse, findings = node_modules() / "lighthouse" / "cli" / "index.js", []
    lowest = dict.fromkeys(_CATEGORIES, 100)
    pages = [name for name in site.pages if "/" not in name and name not in _LEFT_OUT]
    for name in pages:
        report = _report(lighthouse, f"{site.url}/{name}")
        for category in _CATEGORIES:
            score = round(100 * (report["categories"][category]["score"] or 0))
            lowest[category] = min(lowest[category], score)
            if score < LEAST:
                findings.append(f"{name}: {category} {score}{_reasons(report, category)}")
    scores = ", ".join(f"{category} {score}" for category, score in lowest.items())
    return Result.of("lighthouse", f"lowest of {len(pages)} pages: {scores}", findings)


def _report(lighthouse: Path, url: str) -> dict[str, Any]:
    chromium, node = find_chromium(), shutil.which("node")
    if chromium is None or node is None:
        raise CannotRun("Lighthouse needs Node.js and Chromium")
    with tempfile.TemporaryDirectory(prefix="brief-lighthouse-") as folder:
        report = Path(folder) / "report.json"
        command = [node, str(lighthouse), url, "--quiet", "--output=json", f"--output-path={report}"]
        command += [f"--only-categories={','.join(_CATEGORIES)}"]
        command += [f"--chrome-flags=--headless=new {' '.join(flags())} --user-data-dir={folder}/profile"]
        environment = {**os.environ, "CHROME_PATH": str(chromium), "CI": "1"}
        ended = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False, cwd=folder
        )
        if not report.is_file():
            raise CannotRun(f"Lighthouse gave no report: {ended.stderr.strip()[-300:]}")
        return dict(json.loads(report.read_text(encoding="utf-8")))


def _reasons(report: dict[str, Any], category: str) -> str:
    """The audits that took the most from a score."""
    audits = [
        (ref["weight"] * (1 - (report["audits"][ref["id"]]["score"] or 0)), report["audits"][ref["id"]]["title"])
        for ref in report["categories"][category]["auditRefs"]
        if ref["weight"] and report["audits"][ref["id"]]["score"] is not None
    ]
    lost = [title for weight, title in sorted(audits, reverse=True)[:3] if weight > 0]
    return f" ({'; '.join(lost)})" if lost else ""
