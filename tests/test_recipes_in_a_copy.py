"""The recipes of CONTRIBUTING for this repository's own data, its chapters and the program, followed in one copy.

The files stand in CONTRIBUTING and nowhere else. Two processes look at the copy with its own code: one checks the brief
and tells what it shows, the other runs those of the copy's tests that find new files by themselves.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from conftest import copy_tracked
from recipe_book import lay, recipes

RECIPES = recipes()
#: Followed here, in this order: a later one may rest on a file of an earlier one.
FOLLOWED = (
    "A coding",
    "Who and what read this",
    "An argument and its answer",
    "A decision",
    "A claim",
    "What a comment answers",
    "An event, a poll, a source",
    "A term",
    "A fact",
    "A figure",
    "A table",
    "A chapter",
    "A conclusion",
    "A quotation",
    "A module",
    "An exchange format",
    "A source format",
    "A new input that must be refused",
)
#: The tests of the copy that take new files in, and by which words of their names they are chosen here.
WALKS = {
    "test_sources.py": "minutes",
    "test_exchange.py": "jsonl",
    "test_figures.py": "comment-lengths or bears_its_id or stands_bare",
    "test_comment_lengths.py": "",
    "test_statements.py": "nobody-asks-for-access or has_a_case",
    "test_contract.py": "likes-in-words",
    "test_check.py": "likes-in-words and test_a_fault_of_the_data",
}
LOOK = """
import json, pathlib, shutil, sys
from brief import figures
from brief.book.check import check
from brief.book.computing import findings_at
from brief.book.contents import read_book
from brief.book.snapshot import take
from brief.contract import modules
from brief.store import starter

root, aside = pathlib.Path.cwd(), pathlib.Path(sys.argv[1])
made = starter.new(aside)
told = {"code": figures.__file__, "new": made, "new faults": list(map(str, check(aside)))}
for name in ("data/access.yml", "book/who-could-read.md"):
    shutil.copy(root / name, aside / name)
(aside / "book" / "topic" / "access.md").write_text("What the model leaves out stands below.\\n")
with (aside / "_toc.yml").open("a") as contents:
    contents.write("      - file: book/who-could-read\\n")
topic = aside / "data" / "brief.yml"
topic.write_text(topic.read_text().replace("modules: []", "modules: [access]"))
told["access faults"] = [str(fault) for fault in check(aside)]
told["access facts"] = [name for name in take(aside).facts if name.startswith("access-")]
told["faults"] = [str(fault) for fault in check(root)]
if not told["faults"]:
    edition, findings = take(root), findings_at(root)
    told |= {"facts": {name: str(fact.value) for name, fact in edition.facts.items()}, "shown": edition.facts_json}
    switched = findings.brief.topic.modules
    for kind in ("figures", "tables"):
        told[kind] = {}
        for name, make in getattr(figures, kind)(switched).items():
            if not name.startswith("access") and not make.__module__.startswith("brief_access"):
                data = getattr(make(findings, edition.facts), "data", None)
                told[kind][name] = [] if data is None else data.astype("str").to_numpy().tolist()
    told["contract"] = list(modules.contract_of(switched))
    told["statements"] = [statement.statement_id for _, statement in read_book(root).statements()]
print(json.dumps(told, default=str))
"""
#: Stands in the place of uv, which would ask the network: it notes how it was called and answers with two pins.
UV = """#!/bin/sh
echo "$*" >>"{log}"
while [ $# -gt 0 ]; do case $1 in --output-file) shift; out=$1;; test) test=yes;; esac; shift; done
named() {{ printf '%s \\\n    --hash=sha256:%s1 \\\n    --hash=sha256:%s2\n' "$1" "$2" "$2"; }}
{{ named jupyter-book==1.0.99 a; [ -z "${{test:-}}" ] || named pytest==99.0 b; named setuptools==99.1 c; }} >"$out"
"""


def asked(root: Path, *command: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the copy, with its own code."""
    places = os.pathsep.join(str(root / name) for name in ("added", "src", "tools"))
    return subprocess.run(
        [str(part) for part in command],
        cwd=root,
        env={**os.environ, "PYTHONPATH": places, "PYTHONDONTWRITEBYTECODE": "1", **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which the recipes are followed; what `pip install -e .` would note of it lies in `added`."""
    root = copy_tracked(tmp_path_factory.mktemp("recipes") / "copy")
    for name in FOLLOWED:
        lay(root, RECIPES[name])
    (root / "added").mkdir()
    noted = "import sys; from setuptools import build_meta as b; b.prepare_metadata_for_build_wheel(sys.argv[1])"
    done = asked(root, sys.executable, "-c", noted, root / "added")
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture(scope="module")
def told(copy: Path) -> dict[str, Any]:
    """What the copy shows, in which `brief check` finds no fault."""
    done = asked(copy, sys.executable, "-c", LOOK, copy.parent / "made")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert Path(found["code"]).is_relative_to(copy) and found["faults"] == []
    return found


@pytest.fixture(scope="module")
def passed(copy: Path) -> list[str]:
    """The tests of the copy that took the new files in."""
    chosen = [f"tests/{name}" for name in WALKS]
    words = [f"{Path(name).stem} and ({words})" if words else Path(name).stem for name, words in WALKS.items()]
    report = copy.parent / "report.xml"
    options = ("-q", "-n", "0", "-p", "no:cacheprovider", f"--junitxml={report}", "-k", " or ".join(words))
    done = asked(copy, sys.executable, "-m", "pytest", *options, *chosen)
    assert done.returncode == 0, done.stdout
    cases = ElementTree.parse(report).iter("testcase")
    return [f"{case.get('classname')}.{case.get('name')}" for case in cases if not len(case)]


def first_cells(recipe: str) -> set[str]:
    return {cell for cells in RECIPES[recipe].rows.values() for cell in cells}


def test_a_coding(told: dict[str, Any]) -> None:
    """The coder is described on the page, and what is printed stays the first coder's."""
    assert any(row[0] == "Reading of a contributor" for row in told["tables"]["coders"])
    assert told["facts"]["coders"] == "2" and told["facts"]["comments-coded"] == "7"


def test_who_and_what_read_this(told: dict[str, Any]) -> None:
    assert told["facts"]["drafted-by"] == "person and language model" and told["facts"]["responsible"] == "The library"
    assert told["tables"]["transparency-record"][0][:2] == ["Overview", "Name"]
    assert told["facts"]["judgements-by-people"] > "0" == told["facts"]["judgements-checked"]


def test_a_decision(told: dict[str, Any]) -> None:
    assert any(row[-1].startswith("For another process: ") for row in told["tables"]["reply-matrix"])
    assert [row[3] for row in told["tables"]["decisions"]] == ["The council, 26 November 2026"]


def test_an_argument_and_its_answer(told: dict[str, Any]) -> None:
    assert any("Everything is about cutting costs." in row for row in told["tables"]["reply-matrix"])


def test_a_claim(told: dict[str, Any]) -> None:
    (claim,) = (one for one in told["shown"]["claims"] if one["claim_id"] in first_cells("A claim"))
    assert claim["quote"] in "".join(comment["text"] for comment in told["shown"]["comments"])


def test_what_a_comment_answers(told: dict[str, Any]) -> None:
    (claim,) = (one for one in told["shown"]["claims"] if one["claim_id"] == "request")
    assert "the-verge-2017-09-20-1" in [one["id"] for one in claim["answered"] if one["how"] != "suggested"]


def test_an_event_a_poll_a_source(told: dict[str, Any]) -> None:
    shown = told["shown"]
    assert "gazette-asks" in [event["event_id"] for event in shown["timeline"]]
    assert any("51%, against 49%" in row for row in told["tables"]["polls"])
    assert "gazette2017" in shown["sources"] and "gazette2017" in shown["sources_used"]


def test_a_term(told: dict[str, Any]) -> None:
    assert "Passcode" in [row[0] for row in told["tables"]["glossary"]]


def test_a_fact(told: dict[str, Any]) -> None:
    assert told["facts"]["comment-longest"] == "65"


def test_a_figure(told: dict[str, Any], passed: list[str]) -> None:
    assert len(told["figures"]["comment-lengths"]) == 7
    assert "tests.test_figures.test_a_figure_has_all_its_parts[comment-lengths]" in passed
    assert [name for name in passed if "test_comment_lengths" in name]


def test_a_table(told: dict[str, Any]) -> None:
    assert len(told["tables"]["comment-lengths"]) == 7


def test_a_chapter(told: dict[str, Any]) -> None:
    """It is sound here, and in a new brief, which has a part of its own in the place of this topic's."""
    assert "book/at-a-glance.md" in told["new"] and told["new faults"] == []
    assert "book/topic/at-a-glance.md" in told["new"]


def test_a_conclusion(told: dict[str, Any], passed: list[str]) -> None:
    assert "nobody-asks-for-access" in told["statements"]
    assert [name for name in passed if "makes_the_statement_false" in name and "nobody-asks-for-access" in name]
    assert [name for name in passed if name.endswith("has_a_case_that_makes_it_false")]


def test_a_quotation(copy: Path, told: dict[str, Any]) -> None:
    """The words are checked: with another word the check names the page."""
    path = copy / "book" / "topic" / "at-a-glance.md"
    text = path.read_text(encoding="utf-8")
    assert text.count("{quote}") == 2
    path.write_text(text.replace("an anonymous security", "an unnamed security"), encoding="utf-8")
    done = asked(copy, sys.executable, "-c", "from brief.cli import main; main()", "check")
    path.write_text(text, encoding="utf-8")
    assert done.returncode == 1 and "book/topic/at-a-glance.md" in done.stdout + done.stderr


def test_a_module(told: dict[str, Any]) -> None:
    assert told["tables"]["vowels"] == [[told["facts"]["comment-vowels"]]] and told["facts"]["comment-vowels"] != "0"
    assert "data/vowels.txt" in told["contract"]
    assert not [name for name in told["new"] if "vowels" in name]
    assert told["access faults"] == [] and told["access facts"]


def test_an_exchange_format(passed: list[str]) -> None:
    assert "tests.test_exchange.test_out_and_in_again_nothing_is_lost[.jsonl]" in passed


def test_a_source_format(passed: list[str]) -> None:
    assert "tests.test_sources.test_each_source_has_its_parts[minutes]" in passed


def test_a_new_input_that_must_be_refused(passed: list[str]) -> None:
    assert "tests.test_contract.test_each_fault_has_its_message[likes-in-words]" in passed
    assert "tests.test_check.test_a_fault_of_the_data_is_told_and_no_more[likes-in-words]" in passed


def test_a_wheel(copy: Path) -> None:
    """The command, without a network: the packages that build are those at hand."""
    ((program, *arguments),) = RECIPES["A wheel"].commands
    assert program == "pip"
    offline = ("--quiet", "--no-index", "--no-build-isolation", "--disable-pip-version-check")
    done = asked(copy, sys.executable, "-m", "pip", *arguments, *offline)
    assert done.returncode == 0, done.stderr
    (built,) = (copy / "dist").glob("*.whl")
    carried = {Path(name).name for name in zipfile.ZipFile(built).namelist() if "/starter/general/" in name}
    assert {"at-a-glance.md", "_toc.yml", "requirements.txt", "set-up.sh"} <= carried
    assert not {"vowels.md", "who-could-read.md"} & carried


def test_newer_packages(copy: Path) -> None:
    """The script with a stand-in for uv: which versions there are only the network knows."""
    log, programs = copy.parent / "asked", copy.parent / "programs"
    programs.mkdir()
    (programs / "uv").write_text(UV.format(log=log), encoding="utf-8")
    (programs / "uv").chmod(0o755)
    ((program,),) = RECIPES["Newer packages"].commands
    done = asked(copy, "sh", program, PATH=f"{programs}{os.pathsep}{os.environ['PATH']}")
    assert done.returncode == 0, done.stderr
    assert log.read_text(encoding="utf-8").count("--upgrade") == 2
    pins = {name: (copy / name).read_text(encoding="utf-8") for name in ("requirements.txt", "requirements-test.txt")}
    assert pins["requirements.txt"].endswith("\n-e .\njupyter-book==1.0.99\nsetuptools==99.1\n")
    assert pins["requirements-test.txt"].endswith("\n-r requirements.txt\npytest==99.0\n")
    locks = {
        name: (copy / name).read_text(encoding="utf-8") for name in ("requirements.lock", "requirements-test.lock")
    }
    told = "{0} \\\n    --hash=sha256:{1}1 \\\n    --hash=sha256:{1}2\n".format
    both = told("jupyter-book==1.0.99", "a") + told("setuptools==99.1", "c")
    assert locks["requirements.lock"].endswith(f" by hand.\n{both}")
    assert locks["requirements-test.lock"].endswith(f"\n-r requirements.lock\n{told('pytest==99.0', 'b')}")
    assert 'requires = ["setuptools==99.1"]' in (copy / "pyproject.toml").read_text(encoding="utf-8")
