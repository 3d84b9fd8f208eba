"""`python -m check_site SITE`: run every check on a built site, print a table; exit status 1 if one fails.

With `--beside` the same checks run on a bare Jupyter Book of the same prose, and both stand side by side.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import textwrap
from importlib import import_module
from pathlib import Path

from playwright.sync_api import Error as BrowserError

from check_site import CHECKS, CannotRun, Result, Site
from check_site.browsers import INSTALL_BROWSER, find_chromium, running
from check_site.serving import served

ROOT = Path(__file__).parents[2]
_MADE = Path("made")
_MOST = 12


def main() -> None:
    """Read the command line, check, print."""
    parser = argparse.ArgumentParser(prog="check_site", description="Check a built site as its readers meet it.")
    parser.add_argument("site", type=Path, nargs="?", default=ROOT / "_build" / "html", help="the folder of the site")
    parser.add_argument("--only", default="", help=f"some checks, with commas between: {', '.join(CHECKS)}")
    parser.add_argument(
        "--beside",
        type=Path,
        nargs="?",
        const=_MADE,
        help="a second site; a bare Jupyter Book is made where none is named",
    )
    parser.add_argument("--all", action="store_true", help="print every finding, not the first few of each check")
    given = parser.parse_args()
    wanted = [name for name in given.only.split(",") if name] or list(CHECKS)
    if unknown := sorted(set(wanted) - set(CHECKS)):
        sys.exit(f"There is no check named {', '.join(unknown)}. There are: {', '.join(CHECKS)}.")
    with tempfile.TemporaryDirectory(prefix="brief-check-") as folder:
        sites = [given.site]
        if given.beside is not None:
            sites.append(bare_book(Path(folder)) if given.beside == _MADE else given.beside)
        results = [run(site, wanted) for site in sites]
    print(table(results))
    faults = findings(results[0], None if given.all else _MOST)
    print(f"\n{faults}" if faults else "")
    sys.exit(any(result.passed is False for result in results[0]))


def bare_book(folder: Path) -> Path:
    """A bare Jupyter Book of the same prose, as the benchmark of the build makes it; returns its site."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    import build_time

    build_time.copy_tracked(folder / "brief")
    build_time.write_bare(folder / "brief", folder / "bare")
    build_time.measured_build(folder / "bare")
    return folder / "bare" / "_build" / "html"


def run(folder: Path, names: list[str]) -> list[Result]:
    """The checks of these names on the site in a folder."""
    if not (folder / "index.html").is_file():
        sys.exit(f"There is no site in {folder}. Run make site first.")
    chromium = find_chromium()
    if chromium is None:
        sys.exit(f"The checks need a browser. Install one with: {INSTALL_BROWSER}")
    results, folder = [], folder.resolve()
    with served(folder) as url, running(chromium) as browser:
        site = Site(folder, url, browser)
        for name in names:
            print(f"  {name} ...", end=" ", flush=True, file=sys.stderr)
            try:
                results.append(import_module(f"check_site.{name}").check(site))
            except CannotRun as reason:
                results.append(Result(name, None, str(reason)))
            except BrowserError as error:
                message = str(error).partition("\n")[0]
                results.append(Result.of(name, "stopped", [f"the check could not go on: {message}"]))
            print(f"{_word(results[-1])}: {results[-1].measured}", file=sys.stderr)
    return results


def table(results: list[list[Result]]) -> str:
    """The results of one site, or of two side by side, as a table of text."""
    head = ["check", "result", "measured", *(["bare book", "measured there"] if len(results) > 1 else [])]
    rows = [head]
    for together in zip(*results, strict=True):
        rows.append([together[0].name, *(cell for result in together for cell in (_word(result), result.measured))])
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(wide) for cell, wide in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def findings(results: list[Result], most: int | None) -> str:
    """What was found, check by check; of each the first `most`."""
    parts = []
    for result in results:
        shown = result.findings[:most]
        lines = [textwrap.indent(finding, "  ") for finding in shown]
        if len(result.findings) > len(shown):
            lines.append(f"  and {len(result.findings) - len(shown)} more (--all shows them)")
        if lines:
            parts.append("\n".join([f"{result.name}:", *lines]))
    return "\n".join(parts)


def _word(result: Result) -> str:
    return {True: "passed", False: f"FAILED ({len(result.findings)})", None: "not run here"}[result.passed]


if __name__ == "__main__":
    main()
