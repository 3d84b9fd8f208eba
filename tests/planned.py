"""An invented consultation with a plan in its own repository: two coders, a campaign, decisions, a changed plan."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import yaml

import topics
from brief.store import plan_record

LETTER = "Please keep the library open until nine, because many of us work late and have no other quiet place"
TEXTS = [
    "It costs too much to heat an empty hall.",
    "I come at seven, after work.",
    "Nobody reads anyway, so why pay for it?",
    f"{LETTER}.",
    f"{LETTER}.",
    f"{LETTER}. My children need it too.",
    f"{LETTER}!",
    "Close it at six and open on Sundays instead.",
]
FIRST, SECOND = "ann", "ben"
PLAN = {
    "questions": [
        {"id": "how-many-against", "plan": "How many of the answers are against closing at six?"},
        {"id": "who-is-late", "plan": "Do those who work late answer otherwise than others?"},
    ],
    "coders": [{"id": FIRST, "plan": "A person reads all answers."}],
    "figures": [{"id": "comment-tiles", "plan": "Every answer by its stance."}],
}
REPLIES = """argument_id,argument,comments,evidence,answered
late,People come after work.,library-hours-2,None.,not answered
cost,Evening hours cost too much.,library-hours-1,None.,not answered
"""
DECISIONS = """about,decision,why,changed,stands_in,url,decided_by,decided_on
late,accepted in part,"Many come after six, few after seven.",It closes at seven.,,,The council,2026-01-01
"""
_DAY = "2021-03-0{}T12:00:00+00:00"


def git(root: Path, *arguments: str, day: int = 1) -> str:
    """Run git in a folder, with no settings but its own."""
    who = {f"GIT_{role}_{part}": "A B" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    when = {f"GIT_{role}_DATE": _DAY.format(day) for role in ("AUTHOR", "COMMITTER")}
    alone = {"HOME": str(root), "GIT_CONFIG_NOSYSTEM": "1", "PATH": "/usr/local/bin:/usr/bin:/bin"}
    command = ["git", "-C", str(root), "-c", "init.defaultBranch=main", "-c", "core.hooksPath=", *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, env={**alone, **who, **when})
    return ended.stdout.strip()


def commit(root: Path, day: int) -> str:
    """Commit all that is there, on a day of March 2021; returns the commit."""
    git(root, "add", "--all")
    git(root, "commit", "-q", "--allow-empty", "-m", f"Day {day}", day=day)
    return git(root, "rev-parse", "HEAD")


def write_plan(root: Path, plan: object) -> None:
    topics.write(root / "data" / "plan.yml", yaml.safe_dump(plan, sort_keys=False, allow_unicode=True))


def repository(folder: Path, plan: object = PLAN) -> Path:
    """A brief without a comment, its plan committed on day 1."""
    topics.asked(folder, [])
    write_plan(folder, plan)
    git(folder, "init", "-q")
    commit(folder, 1)
    return folder


def with_comments(root: Path) -> None:
    """The answers come in."""
    made = topics.asked(root.with_name(f"{root.name}-with-comments"), TEXTS)
    for name in ("brief.yml", "codebook.yml"):
        shutil.copy2(made / "data" / name, root / "data" / name)
    shutil.copytree(made / "data" / "comments", root / "data" / "comments", dirs_exist_ok=True)
    shutil.rmtree(made)


def with_codings(root: Path) -> None:
    """Two coders read the answers; they differ on one."""
    stances = ["for", "against", "for", "against", "against", "against", "against", "mixed"]
    topics.code(root / "data", stances)
    first = root / "data" / "codings" / f"{FIRST}.csv"
    coders = yaml.safe_load((root / "data" / "coders.yml").read_text(encoding="utf-8"))
    second = {**coders[0], "id": SECOND, "name": "Reader B"}
    topics.write(root / "data" / "coders.yml", yaml.safe_dump([*coders, second]))
    topics.write(root / "data" / "codings" / f"{SECOND}.csv", first.read_text(encoding="utf-8").replace("mixed", "for"))
    topic = yaml.safe_load((root / "data" / "brief.yml").read_text(encoding="utf-8"))
    topics.write(root / "data" / "brief.yml", yaml.safe_dump({**topic, "coder": FIRST}, allow_unicode=True))


def consultation(folder: Path) -> Path:
    """The whole: the plan, then the answers; the plan changed, then the codings; decisions; the history recorded."""
    root = repository(folder)
    with_comments(root)
    commit(root, 2)
    changed = {key: [dict(part) for part in parts] for key, parts in PLAN.items()}
    changed["questions"] = [
        {**changed["questions"][0], "answered_by": "table stances"},
        {"id": "what-is-asked-for", "plan": "What do the letters ask for instead?"},
    ]
    changed["coders"].append({"id": SECOND, "plan": "A second person reads all answers, without seeing the first."})
    changed["figures"][0]["plan"] = "Every answer by its stance, and those of the campaign as one."
    changed["samples"] = [{"id": "random-4-seed-1", "plan": "Four answers are drawn for a third reader."}]
    write_plan(root, changed)
    commit(root, 3)
    with_codings(root)
    topics.write(root / "data" / "replies.csv", REPLIES)
    topics.write(root / "data" / "decisions.csv", DECISIONS)
    commit(root, 4)
    plan_record.record(root)
    commit(root, 5)
    return root
