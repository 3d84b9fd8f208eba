"""Time this project's build beside a bare Jupyter Book of the same prose: `make bench`, or with `--runs 1` for a look.

Both are built from the same installed environment, as whole processes, by turns, in copies in a temporary folder. The
bare book has Jupyter Book's own configuration; each of its chapters imports pandas and altair and draws as many charts
as ours shows figures. Prints the medians in seconds and the ratios beside their limits; it asserts nothing.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")
COLD_LIMIT, COLD_AIM, UNCHANGED_LIMIT = 1.3, 0.6, 0.3

_FRONT = "---\njupytext: {text_representation: {extension: .md, format_name: myst}}\n"
_FRONT += "kernelspec: {display_name: Python 3, language: python, name: python3}\n---\n\n"
_IMPORTS = "```{code-cell} python\nimport altair as alt\nimport pandas as pd\n```\n\n"
_CHART = (
    "```{code-cell} python\n"
    'data = pd.DataFrame({"what": ["a", "b", "c", "d"], "count": [4, 2, 7, 1]})\n'
    'alt.Chart(data, width=600).mark_bar().encode(x="count", y="what", tooltip=["what", "count"])\n'
    "```\n\n"
)
_FENCE = re.compile(r"^```\{([a-z-]+)\} *([^\n]*)\n(.*?)^```$\n?", re.MULTILINE | re.DOTALL)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the build beside a bare Jupyter Book of the same prose.")
    parser.add_argument("--runs", type=int, default=5, help="how often each is built; the median counts")
    runs = max(1, parser.parse_args().runs)
    with tempfile.TemporaryDirectory(prefix="brief-benchmark-") as folder:
        ours, bare = Path(folder) / "brief", Path(folder) / "bare"
        copy_tracked(ours)
        charts = write_bare(ours, bare)
        seconds: dict[str, list[float]] = {}

        def note(name: str, built: float) -> None:
            seconds.setdefault(name, []).append(built)
            print(f"  {name:<24} {built:7.2f} s", file=sys.stderr)

        def one_of_ours() -> None:
            shutil.rmtree(ours / "_build", ignore_errors=True)
            note("brief, cold", timed_build(ours))
            note("brief, unchanged", timed_build(ours))
            restore = add_comment(ours)
            note("brief, one comment more", timed_build(ours))
            restore()

        def one_of_bare() -> None:
            shutil.rmtree(bare / "_build", ignore_errors=True)
            note("bare, cold", timed_build(bare))
            note("bare, unchanged", timed_build(bare))

        for run in range(runs):
            print(f"run {run + 1} of {runs}", file=sys.stderr)
            # By turns, and each first as often as the other, so that neither always finds the warmer machine.
            for one in (one_of_ours, one_of_bare) if run % 2 == 0 else (one_of_bare, one_of_ours):
                one()
    report({name: statistics.median(each) for name, each in seconds.items()}, runs, charts)


def copy_tracked(to: Path) -> None:
    """Copy the tracked files, with changes not yet committed, to a new folder."""
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, check=True)
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)


def write_bare(ours: Path, bare: Path) -> int:
    """Write the bare book into a new folder; returns how many charts it draws."""
    bare.mkdir()
    (bare / "_config.yml").write_text("title: A bare book\nauthor: The contributors\n", encoding="utf-8")
    shutil.copy2(ours / "_toc.yml", bare / "_toc.yml")
    charts = 0
    for chapter in sorted((ours / "book").glob("*.md")):
        text, drawn = bare_chapter(ours, chapter)
        charts += drawn
        (bare / "book").mkdir(exist_ok=True)
        (bare / "book" / chapter.name).write_text(text, encoding="utf-8")
    return charts


def bare_chapter(ours: Path, chapter: Path) -> tuple[str, int]:
    """A chapter's prose without our roles and directives, with a chart for each figure; and how many figures."""
    charts = 0

    def replaced(fence: re.Match[str]) -> str:
        nonlocal charts
        name, argument, body = fence.groups()
        if name == "include":
            return plain((chapter.parent / argument.strip()).read_text(encoding="utf-8"))
        if name == "article":
            return "".join(without_front_matter(path) for path in sorted((ours / "data" / "articles").glob("*.md")))
        shown = body.count(".figure(") if name == "code-cell" else 0
        charts += shown
        return _CHART * shown

    prose = plain(_FENCE.sub(replaced, without_front_matter(chapter)))
    heading, _, rest = prose.lstrip().partition("\n")
    return f"{_FRONT}{heading}\n\n{_IMPORTS}{rest}", charts


def without_front_matter(path: Path) -> str:
    """The text of a file after its front matter."""
    return re.sub(r"\A---\n.*?\n---\n", "", path.read_text(encoding="utf-8"), flags=re.DOTALL) + "\n"


def plain(text: str) -> str:
    """Prose without the marks of our roles and blocks; what stands in them stays."""
    text = re.sub(r"^:(:{2,}|when:).*\n", "", text, flags=re.MULTILINE)
    return re.sub(r"\{[a-z-]+\}`([^`]*)`", r"\1", text)


def add_comment(root: Path) -> Callable[[], None]:
    """Add a comment to the first collection, as by hand; returns what takes it away again."""
    path = sorted((root / "data" / "comments").glob("*.csv"))[0]
    before = path.read_bytes()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    header, last = rows[0], dict(zip(rows[0], rows[-1], strict=True))
    added = {"comment_id": f"{path.stem}-{len(rows) + 1}", "position": str(len(rows)), "text": "One comment more."}
    row = [added.get(name, "" if name in ("parent_id", "author") else last[name]) for name in header]
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(row)
    return lambda: (path.write_bytes(before), None)[1]


def timed_build(root: Path) -> float:
    """Seconds of one build, as a whole process; stops the benchmark with its output where it fails."""
    started = time.perf_counter()
    built = subprocess.run(
        [str(JUPYTER_BOOK), "build", "."],
        cwd=root,
        env=dict(os.environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    took = time.perf_counter() - started
    if built.returncode:
        sys.exit(f"The build in {root.name} failed:\n{built.stdout}{built.stderr}")
    return took


def report(median: dict[str, float], runs: int, charts: int) -> None:
    """Print the medians and the ratios beside their limits."""
    cold, unchanged = median["brief, cold"], median["brief, unchanged"]
    bare_cold, bare_unchanged = median["bare, cold"], median["bare, unchanged"]
    changed = median["brief, one comment more"]
    print(
        f"\nMedian of {runs}, in seconds; Python {platform.python_version()}, {os.cpu_count()} cores, {charts} charts\n"
    )
    print(f"{'':<26}{'brief':>8}{'bare':>8}   {'compared':<14}limit")
    ratio = f"{cold / bare_cold:.2f} x"
    print(f"{'cold':<26}{cold:>8.2f}{bare_cold:>8.2f}   {ratio:<14}{COLD_LIMIT} x, aim {COLD_AIM} x")
    # A bare book does not notice new data: what gives it right numbers again is its cold build.
    ratio = f"{changed / bare_cold:.2f} x cold"
    print(f"{'after one comment more':<26}{changed:>8.2f}{'':>8}   {ratio:<14}-")
    more = f"{unchanged - bare_unchanged:+.2f} s"
    print(f"{'unchanged':<26}{unchanged:>8.2f}{bare_unchanged:>8.2f}   {more:<14}+{UNCHANGED_LIMIT} s")


if __name__ == "__main__":
    main()
