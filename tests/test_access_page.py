"""The module in a brief: facts, figures and tables from the outcomes, on the page as computed, and no key anywhere."""

from __future__ import annotations

import base64
import dataclasses
import shutil
import subprocess
import sys
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
from brief.figures import NARROW, WIDE, Figure, Table
from brief.findings.facts import compute_facts, values
from brief.findings.findings import Findings
from brief.store import starter
from brief_access import model
from brief_access.facts import of
from brief_access.runs import Run
from brief_access.settings import Settings, read
from brief_access.tables import what_a_secret_opens
from conftest import CASES, ROOT

FAULTS = CASES / "access"
IDS = ("one-leaked-secret", "who-reads-what")
TABLES = ("left-out", "what-a-secret-opens", "what-each-option-brings", "what-users-could-notice")


@pytest.fixture(scope="module")
def brief() -> Brief:
    return load(ROOT)


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


@pytest.mark.parametrize("table_id", TABLES)
def test_a_table_is_whole(brief: Brief, table_id: str) -> None:
    one = made("table", table_id, brief)
    assert isinstance(one, Table) and len(one.data)
    assert set(one.column_notes) <= set(one.data.columns) and set(one.choose) <= set(one.data.columns)


def test_no_number_stands_bare_in_the_words_of_the_module() -> None:
    for name in ("words", "tables", "figures"):
        text = (ROOT / "src" / "brief" / "access" / f"{name}.py").read_text(encoding="utf-8")
        assert "whats" + "app" not in text.lower()
    from brief_access.attempts import SECRETS, VARIANTS

    said = [words for row in (*VARIANTS, *SECRETS) for words in row if isinstance(words, str)]
    assert [words for words in said if bare_numbers(words)] == []


def test_facts_agree_with_the_attempts(brief: Brief) -> None:
    given, attempts = values(compute_facts(Findings(brief))), of(brief).attempts
    held = attempts[(attempts["reader"] == "authority") & (attempts["variant"] == "single key")]
    assert given["access-key-escrow-others"] == int((~held["of_target"] & (held["outcome"] == "read")).sum())
    leaked = attempts[(attempts["how"] == "leak") & (attempts["secret"] == "exploit for devices")]
    assert given["access-leak-exploit-for-devices"] == int((leaked["outcome"] == "read").sum())
    assert given["access-messages"] == read(ROOT).messages == attempts["message"].nunique()


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


def test_two_computations_give_the_same_bytes(tmp_path: Path) -> None:
    """Each in a process of its own, with keys of its own."""
    code = (
        "import sys; from pathlib import Path; from brief import computing; folder = Path(sys.argv[2]); folder.mkdir();"
        "import json; print(json.dumps(computing.compute(Path(sys.argv[1]), 'd', folder), sort_keys=True))"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code, str(ROOT), str(tmp_path / name)], capture_output=True, text=True, check=True
        ).stdout
        for name in ("one", "other")
    ]
    assert told[0] == told[1]
    for path in sorted((tmp_path / "one").rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "other" / path.relative_to(tmp_path / "one")).read_bytes()


def test_no_key_material_leaves_the_model(brief: Brief, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the facts, figures and tables are made of holds none of the keys of its own run, in any usual writing."""
    kept: dict[str, Run] = {}

    def keeping(given: Settings) -> dict[str, Run]:
        kept.update(model.attempts_played(given))
        return kept

    monkeypatch.setattr(model, "attempts_played", model.played, raising=False)
    monkeypatch.setattr(model, "played", keeping)
    found = model.outcomes.__wrapped__(read(brief.root))
    frames = (found.attempts, found.seen, found.records)
    text = "".join(frame.to_csv() for frame in frames) + repr(found)
    keys = [key.private_bytes_raw() for run in kept.values() for key in run.secrets.values()]
    for run in kept.values():
        for device in run.provider.devices.values():
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
    chooser = page.locator(".chooser[data-chooses=table-what-a-secret-opens]")
    option, secret = chooser.get_by_label("Option"), chooser.get_by_label("Secret")
    option.focus()
    page.keyboard.type("Key esc")
    assert option.input_value() == "Key escrow"
    assert visible.count() > 0, "a secret that the option does not have is let go of"
    impossible = secret.locator("option:disabled").all_inner_texts()
    assert "Key for reports" in impossible and "Single share" not in impossible
    page.keyboard.press("Tab")
    page.keyboard.type("Single")
    assert secret.input_value() == "Single share"
    assert visible.count() == 1
    assert "0 of" in visible.first.inner_text()
    assert chooser.get_by_role("status").inner_text() == f"Rows shown: 1 of {whole}"
    page.close()
    silent = browser.new_context(java_script_enabled=False)
    page = silent.new_page()
    page.goto(address)
    assert page.locator("#table-what-a-secret-opens tbody tr:visible").count() == whole
    silent.close()


def test_the_table_to_choose_from_has_each_secret_under_its_option(brief: Brief) -> None:
    data = what_a_secret_opens(Findings(brief), {}).data
    assert not data.duplicated(["Option", "Secret", "Way to build it", "Who holds it"]).any()
    assert (data["Whose"] == "Nobody's").sum() == (
        data["Read, from before"].str.startswith("0 ") & data["Read, from afterwards"].str.startswith("0 ")
    ).sum()


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
        "from brief import modules\n"
        "try:\n    modules.load('access')\nexcept Exception as error:\n    print(error)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert package in told and 'pip install -e ".[access]"' in told and "Traceback" not in told
