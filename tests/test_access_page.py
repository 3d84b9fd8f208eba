"""The module in a brief: facts, figures and tables from the outcomes, on the page as computed, and no key anywhere."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import altair as alt
import pytest
import yaml
from bs4 import BeautifulSoup

from brief import figures
from brief.book.chapters import bare_numbers
from brief.data.brief import Brief
from brief.data.loading import load
from brief.errors import BriefError
from brief.figures import COMPACT_HIGH, NARROW, WIDE, Figure, Table
from brief.figures.drawing.text import width as text_width
from brief.findings.facts import compute_facts, values
from brief.findings.findings import Findings
from brief.prose.conditions import Value
from brief.prose.conditions import parse as read_condition
from brief.store import starter
from brief_access import model
from brief_access.exercises import OPTIONS, THEFTS, WAYS
from brief_access.facts import of, slug
from brief_access.one_leaked_secret import what_a_secret_opens
from brief_access.runs import Run, played
from brief_access.settings import Settings, read
from conftest import CASES, ROOT
from topics import files_of

FAULTS = CASES / "access"
IDS = ("one-leaked-secret", "who-reads-what")
TABLES = ("left-out", "what-a-secret-opens", "what-users-could-notice")

#: For each sentence of the page outcomes of which a single one would make it false.
BECOMES_FALSE: dict[str, dict[str, int | bool]] = {
    "access-answer-today": {"access-provider-read": 1, "access-status-quo-codes-compared-could": 1},
    "access-answer-escrow": {"access-key-escrow-could-least": 95, "access-key-escrow-others-most": 1},
    "access-answer-ghost": {
        "access-ghost-participant-target-before-most": 1,
        "access-ghost-participant-codes-compared-target-after": 1,
    },
    "access-answer-scanning": {"access-scanning-altered-found": 1, "access-client-side-scanning-others-most": 0},
    "access-answer-one-person": {
        "access-seized-device-others-most": 1,
        "access-equipment-interference-others-most": 1,
        "access-backups-others-most": 1,
        "access-seized-device-kept-locked-target-before": 1,
    },
    "access-answer-records": {"access-communications-data-handed-most": 1},
    "access-setting": {"access-draws": 1},
    "access-status-quo": {"access-provider-read": 1, "access-participants-missed": 1},
    "access-directory": {
        "access-status-quo-codes-not-compared-could-least": 55,
        "access-status-quo-programs-most": 12,
    },
    "access-codes-compared": {"access-status-quo-codes-compared-could": 1},
    "access-public-log": {
        "access-status-quo-public-log-device-left-out-could": 1,
        "access-status-quo-public-log-device-entered-logged": 0,
    },
    "access-healing": {
        "access-leak-keys-of-one-conversation-before-most": 1,
        "access-recovered-draws": 0,
    },
    "access-identity": {
        "access-leak-identity-key-of-a-phone-most": 1,
        "access-identity-code-same": False,
        "access-leak-identity-key-with-control-over-the-directory-least": 0,
    },
    "access-escrow-read": {
        "access-key-escrow-others-most": 1,
        "access-key-escrow-a-key-for-each-period-target-before-least": 0,
    },
    "access-escrow-handed": {
        "access-key-escrow-a-key-for-each-person-handed": 33,
        "access-key-escrow-one-key-in-two-shares-handed": 95,
    },
    "access-escrow-could": {"access-key-escrow-could-least": 95, "access-leak-single-share-most": 1},
    "access-ghost": {"access-ghost-participant-target-before-most": 1, "access-ghost-participant-others-most": 1},
    "access-ghost-stopped": {
        "access-ghost-participant-codes-compared-target-after": 1,
        "access-ghost-participant-public-log-device-entered-logged": 0,
    },
    "access-ghost-apps": {"access-few-read": 0, "access-few-programs": 12},
    "access-ghost-could": {
        "access-ghost-participant-codes-compared-could": 1,
        "access-ghost-participant-notice-hidden-could-least": 55,
    },
    "access-scanning": {"access-client-side-scanning-handed": 5, "access-client-side-scanning-programs": 6},
    "access-scanning-limits": {"access-scanning-altered-found": 1, "access-client-side-scanning-could-least": 4},
    "access-seized": {
        "access-seized-device-kept-locked-target-before": 1,
        "access-seized-device-kept-unlocked-target-after-most": 1,
    },
    "access-copied": {"access-seized-device-copied-unlocked-then-returned-target-after-least": 0},
    "access-hacked": {
        "access-equipment-interference-others-most": 1,
        "access-equipment-interference-target-after-least": 0,
    },
    "access-hacked-could": {
        "access-seized-device-could-others-most": 1,
        "access-equipment-interference-could-least": 32,
    },
    "access-backups": {
        "access-backups-locked-with-its-owners-key-could": 1,
        "access-backups-readable-by-its-keeper-could-least": 95,
    },
    "access-records-only": {"access-communications-data-handed-most": 1, "access-records": 95},
    "access-evaded": {
        "access-key-escrow-one-key-for-all-evaded": 17,
        "access-ghost-participant-notice-hidden-evaded": 0,
        "access-client-side-scanning-evaded": 4,
    },
    "access-evaded-phones": {
        "access-seized-device-kept-unlocked-evaded": 1,
        "access-equipment-interference-evaded-least": 0,
        "access-backups-evaded-most": 1,
    },
}


@pytest.fixture(scope="module")
def brief() -> Brief:
    return load(ROOT)


@pytest.fixture(scope="module")
def facts(brief: Brief) -> Mapping[str, Value]:
    return values(compute_facts(Findings(brief)))


def made(kind: str, exhibit_id: str, brief: Brief) -> Any:
    known = figures.figures(("access",)) if kind == "figure" else figures.tables(("access",))
    return known[exhibit_id](Findings(brief), {})


def test_without_the_module_a_topic_has_none_of_it(brief: Brief) -> None:
    plain = dataclasses.replace(brief, topic=dataclasses.replace(brief.topic, modules=()))
    assert not [name for name in compute_facts(Findings(plain)) if name.startswith("access-")]
    assert not {*IDS, *TABLES} & {*figures.figures(), *figures.tables()}
    assert set(IDS) <= set(figures.figures(("access",)))
    assert set(TABLES) <= set(figures.tables(("access",)))


def test_a_new_brief_has_no_chapter_of_a_module(tmp_path: Path) -> None:
    starter.new(tmp_path / "new")
    assert (ROOT / "book" / "who-could-read.md").is_file()
    assert not (tmp_path / "new" / "book" / "who-could-read.md").exists()
    assert "who-could-read" not in (tmp_path / "new" / "_toc.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("figure_id", IDS)
def test_a_figure_has_all_its_parts(brief: Brief, figure_id: str) -> None:
    one = made("figure", figure_id, brief)
    assert isinstance(one, Figure)
    assert "base: " in one.subtitle and "%" not in one.alt
    assert set(one.column_notes) <= set(one.data.columns)
    for spec, room in ((one.wide, WIDE), (one.narrow, NARROW)):
        assert spec["width"] == room
        alt.LayerChart.from_dict(spec)


@pytest.mark.parametrize("figure_id", IDS)
@pytest.mark.parametrize("which", ["wide", "narrow", "compact"])
def test_no_text_of_the_model_leaves_the_sheet(brief: Brief, figure_id: str, which: str) -> None:
    spec = getattr(made("figure", figure_id, brief), which)
    assert which != "compact" or spec["height"] <= COMPACT_HIGH
    for layer in spec["layer"]:
        for row in layer["data"]["values"] if layer["mark"]["type"] == "text" else ():
            long = text_width(row["text"], layer["mark"]["fontSize"], layer["mark"]["fontWeight"])
            assert row["x"] + long <= spec["width"] + 0.5, row["text"]


@pytest.mark.parametrize("table_id", TABLES)
def test_a_table_is_whole(brief: Brief, table_id: str) -> None:
    one = made("table", table_id, brief)
    assert isinstance(one, Table) and len(one.data)
    assert set(one.column_notes) <= set(one.data.columns) and set(one.choose) <= set(one.data.columns)


def test_the_page_and_the_notes_say_when_the_warrant_and_the_theft_come(
    brief: Brief, facts: Mapping[str, Value], built_site: Path
) -> None:
    given = read(brief.root)
    assert facts["access-sent-before-warrant"] == given.warrant and facts["access-sent-before-theft"] == given.leak
    when = f"{given.warrant} are sent before the warrant, {given.leak} before a theft"
    for kind, name in (("figure", IDS[0]), ("figure", IDS[1]), ("table", "what-a-secret-opens")):
        assert when in made(kind, name, brief).note
    page = BeautifulSoup((built_site / "who-could-read.html").read_text(encoding="utf-8"), "html.parser")
    said = " ".join(page.select_one("#statement-access-setting").get_text().split())  # type: ignore[union-attr]
    assert f"after {given.warrant} of these messages" in said and f"after {given.leak} messages" in said


def test_no_number_stands_bare_in_the_words_of_the_module() -> None:
    for path in (ROOT / "src" / "brief_access").glob("*.py"):
        assert "whats" + "app" not in path.read_text(encoding="utf-8").lower()
    from brief_access.words import LABELS, POWER

    said = [*(theft.secret for theft in THEFTS), *LABELS.values(), *POWER.values()]
    # The first of these is the name of a design that counts keys, and no result.
    assert [words for words in said if bare_numbers(words)] == ["keys of one conversation"]


def test_facts_agree_with_the_attempts(brief: Brief, facts: Mapping[str, Value]) -> None:
    given, attempts = facts, of(brief).attempts
    could = attempts[(attempts["measure"] == "could") & (attempts["way"] == "one key for all")]
    assert given["access-key-escrow-one-key-for-all-could"] == int(could["read"].sum())
    ghost = attempts[(attempts["measure"] == "warrant") & (attempts["way"] == "notice hidden")]
    least, most = (given[f"access-ghost-participant-notice-hidden-target-after-{end}"] for end in ("least", "most"))
    assert isinstance(least, int) and isinstance(most, int)
    assert least <= int(ghost["read"].sum()) <= most
    leaked = attempts[(attempts["measure"] == "leak") & (attempts["secret"] == "means to hack phones")]
    assert given["access-leak-means-to-hack-phones"] == int(leaked["read"].sum())
    assert given["access-messages"] == read(ROOT).messages == attempts["message"].nunique()


def test_facts_of_an_option_hold_over_all_its_designs(facts: Mapping[str, Value]) -> None:
    """Least and most of an option are those of its designs, and none of its facts is that of a design alone."""
    counts = {name: value for name, value in facts.items() if isinstance(value, int)}
    for option in OPTIONS:
        ways = [way for way in WAYS if way.option == option]
        for part in ("target-before", "target-after", "could"):
            least, most = (counts[f"access-{option}-{part}-{end}"] for end in ("least", "most"))
            if len(ways) == 1:
                assert least <= counts[f"access-{option}-{part}"] <= most
                continue
            assert f"access-{option}-{part}" not in counts
            names = [f"access-{option}-{slug(way.name)}-{part}" for way in ways]
            assert least == min(counts.get(f"{name}-least", counts[name]) for name in names)
            assert most == max(counts.get(f"{name}-most", counts[name]) for name in names)


def test_the_headlines_hold_of_every_design(brief: Brief) -> None:
    """What a headline says of an option is counted here design by design, from what the keys have opened."""
    counts = of(brief).counts
    on_warrant = counts[(counts["measure"] == "warrant") & (counts["others"] > 0)]["option"].unique()
    misused = counts[(counts["measure"] == "could") & (counts["others"] > 0)]["option"].unique()
    headline = made("figure", "who-reads-what", brief).headline
    assert list(on_warrant) == ["client-side-scanning"] and "only client-side scanning reads" in headline
    assert f"{len(misused)} of the {len(OPTIONS)} means tested could" in headline
    thefts = counts[counts["measure"] == "leak"].groupby("secret")["read"].min()
    whole = {secret for secret, least in thefts.items() if least == read(ROOT).messages}
    headline = made("figure", "one-leaked-secret", brief).headline
    assert all(secret in headline for secret in whole) and "every message" in headline


def test_each_sentence_of_the_page_has_an_outcome_that_makes_it_false() -> None:
    text = (ROOT / "book" / "who-could-read.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\{statement\} (\S+)", text)) == set(BECOMES_FALSE)


@pytest.mark.parametrize("statement", sorted(BECOMES_FALSE))
def test_a_sentence_on_the_options_goes_when_an_outcome_changes(facts: Mapping[str, Value], statement: str) -> None:
    """Each conclusion holds of the facts as they are, and no longer once the outcome that carries it is another."""
    text = (ROOT / "book" / "who-could-read.md").read_text(encoding="utf-8")
    found = re.search(rf"\{{statement\}} {statement}\n:::\{{when\}} (.+)\n", text)
    assert found
    condition = read_condition(found[1])
    assert condition.holds(facts)
    for name, value in BECOMES_FALSE[statement].items():
        assert not condition.holds({**facts, name: value}), name


def rows_on(site: Path, region: str) -> list[list[str]]:
    page = BeautifulSoup((site / "who-could-read.html").read_text(encoding="utf-8"), "html.parser")
    return [[cell.get_text() for cell in row.select("th, td")] for row in page.select(f"{region} tbody tr")]


def test_the_printed_matrix_is_the_computed_one(built_site: Path, brief: Brief) -> None:
    for table_id in TABLES:
        computed = [list(map(str, row)) for row in made("table", table_id, brief).data.itertuples(index=False)]
        assert rows_on(built_site, f"#table-{table_id}") == computed
    for figure_id in IDS:
        computed = [list(map(str, row)) for row in made("figure", figure_id, brief).data.itertuples(index=False)]
        assert rows_on(built_site, f"#figure-{figure_id}") == computed


def test_two_computations_give_the_same_bytes(built_site: Path, tmp_path: Path) -> None:
    """Each in a process of its own, with keys of its own: the build's, and one more."""
    code = (
        "import json, sys; from pathlib import Path; from brief.book import computing, exhibits\n"
        "from brief.findings.facts import compute_facts\n"
        "found, folder = computing.findings_at(Path(sys.argv[1])), Path(sys.argv[2])\n"
        "told = [computing.compute(found), exhibits.draw(found, compute_facts(found), folder)]\n"
        "print(json.dumps(told, sort_keys=True))"
    )
    command = [sys.executable, "-c", code, str(built_site.parents[1]), str(tmp_path / "other")]
    facts, drawn = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    (kept,) = (path.parent for path in (built_site.parent / "brief").glob("*/facts.json"))
    told = json.loads((kept / "facts.json").read_text(encoding="utf-8"))
    assert told.pop("digest").startswith(kept.name) and told == facts
    assert json.loads((kept / "exhibits" / "exhibits.json").read_text(encoding="utf-8")) == drawn
    pictures = {name: told for name, told in files_of(kept / "exhibits").items() if name != "exhibits.json"}
    assert pictures == files_of(tmp_path / "other") and pictures


def test_no_key_material_leaves_the_model(brief: Brief, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the facts, figures and tables are made of holds none of the keys of its own run, in any usual writing."""
    kept: dict[str, Run] = {}

    def keeping(given: Settings) -> dict[str, Run]:
        kept.update(played(given))
        return kept

    monkeypatch.setattr(model, "played", keeping)
    found = model.outcomes.__wrapped__(read(brief.root))
    frames = (found.attempts, found.counts, found.bases, found.seen, found.records)
    text = "".join(frame.to_csv() for frame in frames) + repr(found)
    keys = [key.private_bytes_raw() for run in kept.values() for key in run.secrets.values()]
    for run in kept.values():
        for device in run.traffic.devices.values():
            keys += [device.history_key, device.identity.agree.private_bytes_raw()]
    assert len(keys) > 100
    for key in keys:
        for written in (key.hex(), base64.b64encode(key).decode(), repr(key), str(int.from_bytes(key, "big"))):
            assert written not in text
    for frame in frames:
        assert not [column for column in frame if frame[column].map(lambda cell: isinstance(cell, bytes)).any()]


def test_a_reader_chooses_an_option_and_a_secret(browser: Any, built_site: Path) -> None:
    """From the file itself, on a phone's width, with the keyboard alone; without scripts the whole table stands."""
    address = (built_site / "who-could-read.html").as_uri()
    whole = len(rows_on(built_site, "#table-what-a-secret-opens"))
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto(address)
    visible = page.locator("#table-what-a-secret-opens tbody tr:visible")
    chooser = page.locator(".chooser[data-items^='#table-what-a-secret-opens ']")
    option, holder = chooser.get_by_label("Option"), chooser.get_by_label("Who holds it")
    page.locator("details.fold--table", has=chooser).locator("> summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Key esc")
    assert option.input_value() == "Key escrow"
    page.keyboard.press("Tab")
    page.keyboard.type("A thief")
    assert holder.input_value() == "A thief"
    wanted = sum(theft.option == "key-escrow" for theft in THEFTS)
    assert visible.count() == wanted
    assert "Escrow key" in visible.first.inner_text()
    assert chooser.get_by_role("status").inner_text() == f"Rows shown: {wanted} of {whole}"
    page.close()
    silent = browser.new_context(java_script_enabled=False)
    page = silent.new_page()
    page.goto(address)
    assert page.locator("#table-what-a-secret-opens tbody tr:visible").count() == whole
    silent.close()


def test_the_table_to_choose_from_has_each_way_and_each_theft(brief: Brief) -> None:
    made = what_a_secret_opens(Findings(brief), {})
    assert isinstance(made, Table)
    data = made.data
    assert len(data) == 2 * len(WAYS) + len(THEFTS)
    assert not data.duplicated(["Option", "Design", "What is held", "Who holds it"]).any()
    nothing = data["Read, sent before"].eq("0") & data["Read, sent after"].eq("0")
    assert (data["Whose"] == "None").equals(nothing)


@pytest.mark.parametrize("path", sorted(FAULTS.glob("*.yml")), ids=lambda path: path.stem)
def test_bad_sizes_are_told(tmp_path: Path, path: Path) -> None:
    (tmp_path / "data").mkdir()
    shutil.copyfile(path, tmp_path / "data" / "access.yml")
    with pytest.raises(BriefError) as error:
        read(tmp_path)
    assert f"{error.value}\n" == path.with_suffix(".expected").read_text(encoding="utf-8")


def test_a_missing_file_of_sizes_is_a_fault_of_the_brief(project: Any) -> None:
    root = project("base")
    topic = yaml.safe_load((root / "data" / "brief.yml").read_text(encoding="utf-8"))
    (root / "data" / "brief.yml").write_text(yaml.safe_dump({**topic, "modules": ["access"]}), encoding="utf-8")
    with pytest.raises(BriefError, match=r"data/access\.yml: the file is missing"):
        load(root)


@pytest.mark.parametrize("package", ["cryptography", "doubleratchet"])
def test_a_missing_package_is_told_with_the_remedy(package: str) -> None:
    code = (
        "import importlib.util as u, sys; whole = u.find_spec;"
        f"u.find_spec = lambda name, *rest: None if name == {package!r} else whole(name, *rest);"
        "from brief.contract import modules\n"
        "try:\n    modules.load('access')\nexcept Exception as error:\n    print(error)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert package in told and 'pip install -e ".[access]"' in told and "Traceback" not in told


def test_the_contents_can_be_reached_and_what_folds_says_what_it_holds(built_site: Path) -> None:
    """A phone keeps details closed under words of their own, and leads back to the contents from anywhere."""
    page = BeautifulSoup((built_site / "who-could-read.html").read_text(encoding="utf-8"), "html.parser")
    folds, led = page.select("details.fold--prose"), page.select("details.fold--prose > summary")
    assert len(folds) == len(led) > 3 and all(words.get_text(strip=True).endswith("?") for words in led)
    assert page.find("nav", id="on-this-page") and page.select_one(".to-contents > a[href='#on-this-page']")
    # What the numbers count the page says itself, so no note says it again.
    assert not [note for note in page.select(".notes b") if note.get_text(strip=True).isdigit()]
