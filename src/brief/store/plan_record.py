"""The record of a plan: what the history of the repository says of each of its points, and of the data they concern.

The history is read here and nowhere else. What came first is told by its commits and not by their dates: a point was
planned before a file of data if its commit is an ancestor of every commit that brought the file in.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from brief.contract import files as contract_files
from brief.contract import tables, text_files
from brief.contract.journal import writing
from brief.data import plan
from brief.errors import BriefError, fail
from brief.store.changes import changing

_COLUMNS = [column.name for column in tables.PLAN_HISTORY]
_SECONDS = 120
_COMMIT_FIRST = "Commit the change, then record the plan again."
_Points = Mapping[str, str]
"""What is planned, by the item of the record."""


def record(root: Path) -> bool:
    """Write `data/plan-history.csv` from the history of the repository that the brief lies in.

    Returns whether it has changed. Raises `BriefError` where the brief lies in no repository or its history is cut
    off, where the plan or the data have changes that are not committed, and where there never was a plan.
    """
    with writing(root):
        text = text_files.write_csv(_read(root), _COLUMNS)
        if _is_recorded(root, text):
            return False
        with changing(root) as changes:
            changes.write(plan.HISTORY, text)
        return True


def compare(root: Path) -> None:
    """Raise `BriefError` where the record is not what the history says, and as `record` does."""
    if not _is_recorded(root, text_files.write_csv(_read(root), _COLUMNS)):
        what = "the record is not what the history of this repository says"
        raise fail(what, "Write it anew: brief record-plan.", plan.HISTORY)


def _is_recorded(root: Path, text: str) -> bool:
    path = root / plan.HISTORY
    return path.is_file() and path.read_bytes() == text.encode()


def _read(root: Path) -> list[dict[str, str]]:
    """The rows of the record: points of the plan in the order of the history, then files of data by their names."""
    _fits(root)
    points = list(_events(root))
    if not points:
        raise fail("there is no plan to record", f"Write {plan.PLAN} and commit it.", plan.PLAN)
    parents = {name: above for name, *above in _lines(root, "rev-list", "--topo-order", "--parents", "HEAD")}
    arrivals = _arrivals(root)
    above = {commit: _ancestors(commit, parents) for listed in arrivals.values() for commit in listed}
    days = _days(root, {*(commit for commit, *_ in points), *(listed[0] for listed in arrivals.values())})
    rows = []
    for commit, item, planned in points:
        later = [file for file, listed in arrivals.items() if all(commit in above[each] for each in listed)]
        row = {"item": item, "commit": commit, "committed_on": days[commit], "before": ";".join(sorted(later))}
        rows.append(row | ({"event": plan.DROPPED} if planned is None else _planned(item, planned)))
    for file, listed in sorted(arrivals.items()):
        day = days[listed[0]]
        rows.append({"item": file, "event": plan.DATA, "commit": listed[0], "committed_on": day})
    return rows


def _planned(item: str, planned: str) -> dict[str, str]:
    return {"event": plan.PLANNED, "plan": planned, "sha256": plan.digest(item, planned)}


def _fits(root: Path) -> None:
    """Raise `BriefError` where the history cannot be read whole, or does not have what is there now."""
    try:
        shallow = _git(root, "rev-parse", "--is-shallow-repository").strip()
        _git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    except BriefError:
        what = "the brief lies in no repository with a history"
        raise fail(what, "Commit it with git: only a history can tell what was planned first.") from None
    if shallow == "true":
        what = "the history of this repository is cut off"
        raise fail(what, "Fetch all of it: git fetch --unshallow.")
    kept = [plan.PLAN, *(folder.rstrip("/") for folder in (plan.COMMENTS, plan.CODINGS, plan.SAMPLES))]
    changed = _git(root, "status", "--porcelain", "-z", "--untracked-files=all", "--", *kept)
    names = [entry[3:] for entry in changed.split("\0") if entry]
    if names:
        place = names[0]
        raise fail(f"{Path(place).name} has changes that are not committed", _COMMIT_FIRST, place)


def _events(root: Path) -> Iterator[tuple[str, str, str | None]]:
    """Each commit in which a point of the plan got its words (or None: was taken out), the oldest first.

    A merge that takes the words of one of its parents says nothing new.
    """
    walk = ("rev-list", "--full-history", "--simplify-merges", "--topo-order", "--reverse", "--parents", "HEAD")
    standing: dict[str, _Points] = {}
    for commit, *above in _lines(root, *walk, "--", plan.PLAN):
        before: list[_Points] = [standing.get(name, {}) for name in above] or [{}]
        points = standing[commit] = _points_at(root, commit, before[0])
        for item, planned in points.items():
            if all(earlier.get(item) != planned for earlier in before):
                yield commit, item, planned
        for item in dict.fromkeys(name for earlier in before for name in earlier):
            if item not in points and all(item in earlier for earlier in before):
                yield commit, item, None


def _points_at(root: Path, commit: str, before: _Points) -> _Points:
    """The points of the plan as a commit has it; those before where it cannot be read, none where there is none."""
    try:
        text = _git(root, "cat-file", "blob", f"{commit}:./{plan.PLAN}")
    except BriefError:
        return {}
    try:
        content = contract_files.parse_yaml(text, plan.PLAN)
    except BriefError:
        return before
    listed = [(kind, part) for kind, _, part in plan.parts(content) if part.get("id") and part.get("plan")]
    return {plan.item(kind, str(part["id"])): plan.one_line(part["plan"]) for kind, part in listed}


def _arrivals(root: Path) -> dict[str, list[str]]:
    """By each file of comments, codings or a sample that ever was, the commits that brought it in, the oldest first."""
    folders = (plan.COMMENTS, plan.CODINGS, plan.SAMPLES)
    walk = ("log", "--full-history", "-m", "--topo-order", "--reverse", "--diff-filter=A", "--no-renames")
    shown = (
        "--no-ext-diff",
        "--no-textconv",
        "--name-only",
        "--relative",
        "--format=commit %H",
        "HEAD",
        "--",
        *folders,
    )
    arrivals: dict[str, list[str]] = {}
    commit = ""
    for line in _git(root, *walk, *shown).splitlines():
        head, _, name = line.partition(" ")
        if head == "commit" and name:
            commit = name
        elif plan.is_data(line):
            arrivals.setdefault(line, [])
            arrivals[line] += [commit] if commit not in arrivals[line] else []
    return arrivals


def _ancestors(commit: str, parents: Mapping[str, Sequence[str]]) -> Collection[str]:
    """Every commit that a commit rests on, without itself."""
    reached: set[str] = set()
    waiting = list(parents.get(commit, ()))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += parents.get(name, ())
    return reached


def _days(root: Path, commits: Collection[str]) -> dict[str, str]:
    """The date that each commit carries, as its committer's clock had it."""
    lines = _lines(root, "log", "--no-walk=unsorted", "--format=%H %cs", *sorted(commits))
    return dict(lines)


def _lines(root: Path, *arguments: str) -> list[list[str]]:
    return [line.split() for line in _git(root, *arguments).splitlines()]


def _git(root: Path, *arguments: str) -> str:
    """What git says. Raises `BriefError` where it is missing, refuses, or takes too long."""
    # Commits as they are, whatever the repository would put in their place.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_REPLACE_OBJECTS": "1", "LC_ALL": "C"}
    command = ["git", "-C", str(root), "-c", "core.quotePath=false", "-c", "log.showSignature=false", *arguments]
    try:
        ended = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=True,
            timeout=_SECONDS,
            env=environment,
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        remedy = "See what git says to it, and give this command again."
        raise fail(f"git does not tell the history: {said[0] if said else 'it ended'}", remedy) from None
    return ended.stdout
