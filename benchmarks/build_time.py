"""What this project's build costs beside a bare Jupyter Book of the same prose: `make bench`; with `--runs 1` a look.

Both are built from the same installed environment, as whole processes, by turns, in copies in a temporary folder. The
bare book has Jupyter Book's own configuration; each of its chapters imports pandas and altair and draws as many charts
as ours shows figures. Printed are medians of processor time (of the build and all processes that it started, which
counts where others use the machine too), of the time on the clock, and of the memory of the largest process, with
ratios beside their limits; it asserts nothing. What Python compiles is kept, as it is wherever nobody forbids it. Last
comes `brief serve`: the time on the clock from a changed coding to the page that shows it.
"""

from __future__ import annotations

import argparse
import compileall
import csv
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")
COLD_LIMIT, CHANGED_LIMIT, UNCHANGED_LIMIT, MEMORY_LIMIT, SERVED_LIMIT = 1.0, 0.3, 0.3, 450, 6.0
_SETTLES, _GIVES_UP = 15.0, 600.0
"""Seconds in which the next build of `brief serve` loads what it needs, and after which nothing is waited for."""

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


class Cost(NamedTuple):
    """What a build costs: seconds of processor time, seconds on the clock, memory of its largest process in MB."""

    processor: float
    clock: float
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the build beside a bare Jupyter Book of the same prose.")
    parser.add_argument("--runs", type=int, default=5, help="how often each is built; the median counts")
    runs = max(1, parser.parse_args().runs)
    with tempfile.TemporaryDirectory(prefix="brief-benchmark-") as folder:
        ours, bare = Path(folder) / "brief", Path(folder) / "bare"
        copy_tracked(ours)
        charts = write_bare(ours, bare)
        compileall.compile_dir(ROOT / "src", quiet=2)
        costs: dict[str, list[Cost]] = {}
        served: list[float] = []

        def note(name: str, root: Path) -> None:
            built = measured_build(root)
            costs.setdefault(name, []).append(built)
            print(f"  {name:<30} {built.processor:7.2f} s {built.clock:7.2f} s {built.memory:6.0f} MB", file=sys.stderr)

        def one_of_ours() -> None:
            shutil.rmtree(ours / "_build", ignore_errors=True)
            note("brief, cold", ours)
            note("brief, unchanged", ours)
            for name, change in (("one comment more", add_comment), ("one coding changed", change_coding)):
                restore = change(ours)
                note(f"brief, {name}", ours)
                restore()
            served.append(measured_serve(ours))
            print(f"  {'brief serve, coding changed':<30} {'':9} {served[-1]:7.2f} s", file=sys.stderr)

        def one_of_bare() -> None:
            shutil.rmtree(bare / "_build", ignore_errors=True)
            note("bare, cold", bare)
            note("bare, unchanged", bare)

        for run in range(runs):
            print(f"run {run + 1} of {runs}", file=sys.stderr)
            # By turns, and each first as often as the other, so that neither always finds the warmer machine.
            for one in (one_of_ours, one_of_bare) if run % 2 == 0 else (one_of_bare, one_of_ours):
                one()
    report({name: Cost(*map(statistics.median, zip(*each, strict=True))) for name, each in costs.items()}, runs, charts)
    print(f"brief serve shows a changed coding after {statistics.median(served):.1f} s (limit {SERVED_LIMIT} s).")


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


def change_coding(root: Path) -> Callable[[], None]:
    """Give the last coding of the first coder another stance; returns what takes it back."""
    path = sorted((root / "data" / "codings").glob("*.csv"))[0]
    before = path.read_bytes()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[-1]["stance"] = "cannot-tell" if rows[-1]["stance"] != "cannot-tell" else "no-position"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return lambda: (path.write_bytes(before), None)[1]


def environment() -> dict[str, str]:
    """That of a build: Python may keep what it compiles."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def measured_serve(root: Path) -> float:
    """Seconds on the clock from a changed coding to the served page that lists its facts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(Path(sys.executable).with_name("brief")), "serve", "--port", str(port)]
    serving = subprocess.Popen(command, cwd=root, env=environment(), stdout=subprocess.DEVNULL)
    try:
        before = page_once(port, lambda page: page is not None)
        time.sleep(_SETTLES)
        started = time.perf_counter()
        restore = change_coding(root)
        page_once(port, lambda page: page not in (None, before))
        took = time.perf_counter() - started
        restore()
        return took
    finally:
        serving.send_signal(signal.SIGINT)
        serving.wait()


def page_once(port: int, wanted: Callable[[bytes | None], bool]) -> bytes | None:
    """The served page that lists all facts, as soon as it is as wanted; stops the benchmark where it never is."""
    ends = time.monotonic() + _GIVES_UP
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/data.html", timeout=10) as answer:
                page: bytes | None = answer.read()
        except (urllib.error.URLError, OSError):
            page = None
        if wanted(page):
            return page
        time.sleep(0.05)
    sys.exit("brief serve does not show the change.")


def measured_build(root: Path) -> Cost:
    """What one build costs, as a whole process; stops the benchmark with its output where it fails."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        # Popen would wait for the process itself and lose what the system tells of it.
        write_to = [(os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, output.fileno(), 2)]
        command = [sys.executable, str(JUPYTER_BOOK), "build", str(root)]
        process = os.posix_spawn(sys.executable, command, environment(), file_actions=write_to)
        _, status, used = os.wait4(process, 0)
        took = time.perf_counter() - started
        if status:
            output.seek(0)
            sys.exit(f"The build in {root.name} failed:\n{output.read().decode('utf-8', 'replace')}")
    return Cost(used.ru_utime + used.ru_stime, took, used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2))


def report(median: dict[str, Cost], runs: int, charts: int) -> None:
    """Print the medians and the ratios beside their limits."""
    bare = median["bare, cold"].processor
    cold, unchanged = (median[f"brief, {name}"].processor for name in ("cold", "unchanged"))
    compared = {
        "brief, cold": (f"{cold / bare:.2f} x bare", f"{COLD_LIMIT} x"),
        "brief, unchanged": (f"{unchanged - median['bare, unchanged'].processor:+.2f} s", f"+{UNCHANGED_LIMIT} s"),
    }
    for name in ("brief, one comment more", "brief, one coding changed"):
        compared[name] = (f"{median[name].processor / cold:.2f} x cold", f"{CHANGED_LIMIT} x")
    print(f"\nMedian of {runs}; Python {platform.python_version()}, {os.cpu_count()} cores, {charts} charts\n")
    print(f"{'':<28}{'processor':>10}{'clock':>9}{'memory':>9}   {'processor time':<16}limit")
    for name, cost in median.items():
        ratio, limit = compared.get(name, ("", ""))
        measured = f"{cost.processor:>8.2f} s{cost.clock:>7.2f} s{cost.memory:>6.0f} MB"
        print(f"{name:<28}{measured}   {ratio:<16}{limit}")
    # A bare book does not notice new data: what gives it right numbers again is its cold build.
    largest = max(cost.memory for name, cost in median.items() if name.startswith("brief"))
    print(f"\nThe largest process of a brief's build took {largest:.0f} MB (limit {MEMORY_LIMIT} MB).")


if __name__ == "__main__":
    main()
