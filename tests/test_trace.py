"""The trace: every number of a site with its place, what it is, and what it rests on; nothing else on its pages."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner

import published
import untraced
from brief.book import chain
from brief.book.snapshot import Snapshot, take
from brief.cli import main
from brief.contract import inputs
from brief.contract.noting import noting
from brief.data.loading import load
from brief.errors import BriefError
from brief.findings import rows
from brief.findings.findings import Findings
from brief.site.tracing import paper
from brief.site.tracing.numbers import Block, Number
from brief.site.tracing.paper import Beside
from brief.site.verifying import verify
from published import LATER, found_in, rewrite

FACT, TABLE = "comments-shown", "table-dictionary"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the site for a test to change."""
    return Path(shutil.copytree(published.site(), tmp_path / "site"))


@pytest.fixture(scope="module")
def root() -> Path:
    """The folder of the brief that the site is of."""
    return published.site().parents[1]


@pytest.fixture(scope="module")
def snapshot(root: Path) -> Snapshot:
    return take(root)


def traced(site: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((site / "trace.json").read_text(encoding="utf-8"))
    return read


def test_the_trace_is_of_the_site_and_lies_in_the_archive() -> None:
    trace = traced(published.site())
    assert (trace["edition"], trace["language"]) == (LATER, "en")
    facts = json.loads((published.site() / "facts.json").read_text(encoding="utf-8"))
    assert sorted(name for function in trace["functions"].values() for name in function["facts"]) == sorted(
        fact["name"] for fact in facts
    )
    assert found_in(published.site()) == [] and found_in(published.site() / "brief-data.zip") == []


def test_a_fact_stands_at_its_places_on_pages_and_in_both_pdfs() -> None:
    trace = traced(published.site())
    places = {(page, place) for page, numbers in trace["numbers"].items() for place, _, of in numbers if of == FACT}
    assert ("index.html", "statement-shown") in places
    assert any(of == FACT for _, _, of in trace["papers"]["library-hours-full.pdf"])


def test_a_number_of_a_table_a_picture_and_an_alternative_text_is_a_cell_or_of_its_function() -> None:
    trace = traced(published.site())
    every = [number for numbers in trace["numbers"].values() for number in numbers]
    cells = [of for place, _, of in every if place.startswith(("table-", "figure-"))]
    assert any("#cell=" in of for of in cells)
    assert {of.partition("#")[0] for of in cells if "#cell=" in of} <= {
        exhibit["data"] for exhibit in trace["exhibits"].values()
    }
    left = {of for of in cells if of.startswith(("table-", "figure-"))}
    assert left <= set(trace["exhibits"])


def test_no_number_of_a_page_or_a_paper_is_left_unexplained() -> None:
    site = published.site()
    assert untraced.untraced(site) == [] and untraced.unknown(site) == []
    kinds = {of.removeprefix("kind:") for _, _, of in traced(site)["papers"]["library-hours-full.pdf"] if ":" in of}
    assert {"running", "paper", "number"} <= kinds


def test_no_number_of_this_brief_is_left_unexplained(built_site: Path) -> None:
    assert untraced.untraced(built_site) == [] and untraced.unknown(built_site) == []


def test_a_number_that_is_in_no_list_is_seen_as_left(copy: Path) -> None:
    _page(copy)
    trace = traced(copy)
    trace["papers"]["library-hours-full.pdf"] = []
    (copy / "trace.json").write_text(json.dumps(trace), encoding="utf-8")
    left = untraced.untraced(copy)
    assert any(line.startswith("index.html") and ": 57 in" in line for line in left)
    assert any(line.startswith("library-hours-full.pdf, page 1: ") for line in left)


def test_a_number_of_a_paper_is_of_what_tells_it_or_of_no_kind() -> None:
    about = Beside({"edition-date": "4 March 2021"}, {"Jones, 2019": "data/sources.bib#jones"}, ("Methods",))
    text = "Edition of 4 March 2021. Of 57 readers, some (Jones, 2019). Methods 12. Figure 3 is at the top of page 9."
    told = {number.printed: number.of for number in paper.numbers([(text, "4 March 2021, page 1 of 9")], [], about)}
    assert told == {
        **{"4": "edition-date", "2021": "edition-date", "57": "kind:unknown", "2019": "data/sources.bib#jones"},
        **{"12": "kind:paper", "3": "kind:paper", "9": "kind:running", "1": "kind:running"},
    }


def test_the_number_of_an_item_is_told_from_a_year_that_ends_the_one_before() -> None:
    items = ("Opened in 2021.", "Closed in 2022.", "Opened again.")
    years: list[list[Number]] = [[Number("p", "2021", "opened")], [Number("p", "2022", "closed")], []]
    blocks = [Block([text], own, is_numbered=True) for text, own in zip(items, years, strict=True)]
    text = " ".join(f"{place}. {text}" for place, text in enumerate(items, start=1))
    told = {number.printed: number.of for number in paper.numbers([(text, "")], blocks, Beside({}))}
    assert told == {"1": "kind:paper", "2021": "opened", "2": "kind:paper", "2022": "closed", "3": "kind:paper"}


def test_a_trace_of_another_form_is_not_compared(copy: Path) -> None:
    trace = copy / "trace.json"
    trace.write_text(trace.read_text(encoding="utf-8").replace('"form": 2', '"form": 1', 1), encoding="utf-8")
    rewrite(copy)
    report = verify(copy)
    assert [str(finding) for finding in report.findings if "trace" not in str(finding)] == []
    assert any("has another form" in line for line in report.unchecked)


def test_what_a_function_looked_at_is_seen_and_not_claimed(root: Path) -> None:
    findings = Findings(load(root))
    with noting() as first:
        _ = findings.comments
    with noting() as again:
        _ = findings.comments
    with noting() as other:
        _ = findings.brief.claim_register.claims
    assert "data/codings/" in first and any(name.endswith("the-gazette-2021-03-01.csv") for name in first)
    assert again == first, "what was computed once stands for what was looked at then"
    assert other == {"data/claims.csv"}


def test_each_file_that_a_number_rests_on_has_its_digest(root: Path) -> None:
    trace = traced(published.site())
    digests = dict(inputs.digests(root))
    assert {name: kept["sha256"] for name, kept in trace["files"].items()}.items() <= digests.items()
    named = {file for function in trace["functions"].values() for file in function["files"]}
    assert named == set(trace["files"])
    assert trace["files"]["data/codings/ann.csv"]["rows"] == 2


def test_each_fact_that_counts_rows_names_as_many_as_it_says(root: Path) -> None:
    counted = traced(published.site())["rows"]
    facts = {fact["name"]: fact for fact in json.loads((published.site() / "facts.json").read_text(encoding="utf-8"))}
    assert {name: facts[name]["value"] for name in counted} == {name: kept["number"] for name, kept in counted.items()}
    assert counted["stance-against"] == {"of": "data/codings/", "number": 1, "ids": ["the-gazette-2021-03-01-2"]}
    assert len(counted) > 80


def test_rows_that_are_many_have_a_digest_that_does_not_depend_on_their_order() -> None:
    ids = [f"row-{number}" for number in range(rows.MOST_NAMED + 1)]
    many = rows.Rows.of(reversed(ids))
    assert (many.number, many.ids) == (51, ())
    assert many.sha256 == hashlib.sha256("".join(f"{name}\n" for name in sorted(ids)).encode()).hexdigest()
    assert rows.Rows.of(ids[:-1]).ids == tuple(sorted(ids[:-1]))


def test_the_data_of_the_brief_tell_rows_that_were_changed(copy: Path, root: Path) -> None:
    trace = copy / "trace.json"
    text = trace.read_text(encoding="utf-8")
    trace.write_text(
        text.replace('"ids":["the-gazette-2021-03-01-2"]', '"ids":["the-gazette-2021-03-01-3"]', 1), "utf-8"
    )
    said = [str(finding) for finding in verify(copy, data=root).findings]
    assert any("the trace counts other rows for" in line for line in said)


def test_the_page_leads_from_a_number_to_what_it_rests_on_in_one_step() -> None:
    page = (published.site() / "data.html").read_text(encoding="utf-8")
    at = page.index(f'id="fact-{FACT}"')
    before = page[page.rindex('<p class="chain">', 0, at) : at]
    assert "brief.findings.facts.general.about_comments" in before and "data/codings/ann.csv" in before
    assert f'href="data.html#made-{TABLE}"' in page and f'id="made-{TABLE}"' in page


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            FACT,
            [
                "comments-shown = 3",
                "Counts 3 rows: the-gazette-2021-03-01-1, ",
                "about_comments",
                "data/codings/ann.csv, rows: 2, SHA-256 ",
                "#statement-shown: 3",
            ],
        ),
        (TABLE, ["coding_tables.dictionary", "data/brief.yml"]),
        ("figures/table-coders.csv#cell=2,1", ["#cell=2,1 = Ann", "coding_tables.coders", "data/coders.yml, SHA-256 "]),
    ],
)
def test_the_command_tells_the_chain(root: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: list[str]) -> None:
    monkeypatch.chdir(root)
    ended = CliRunner().invoke(main, ["trace", name])
    assert ended.exit_code == 0, ended.output
    assert [words for words in said if words not in ended.output] == []


@pytest.mark.parametrize("name", ["comment-shown", "table-none", "figures/table-coders.csv#cell=99,1"])
def test_what_there_is_not_is_told_with_what_to_write(snapshot: Snapshot, root: Path, name: str) -> None:
    with pytest.raises(BriefError) as error:
        chain.in_words(snapshot, root, name, published.site())
    assert error.value.faults[0].remedy.startswith(("Use a name", "Write #cell="))


def test_places_are_told_of_a_site_of_the_same_data_alone(snapshot: Snapshot, root: Path, copy: Path) -> None:
    trace = copy / "trace.json"
    trace.write_text(trace.read_text(encoding="utf-8").replace('"rows":2', '"rows":3'), encoding="utf-8")
    assert "The site was built of other data." in chain.in_words(snapshot, root, FACT, copy)
    trace.unlink()
    assert "build the site first" in chain.in_words(snapshot, root, FACT, copy)


def _page(copy: Path) -> None:
    page = copy / "index.html"
    text = page.read_text(encoding="utf-8").replace(
        "<p>This sentence stands", "<p>Of 57 readers, 9 said so.</p><p>This"
    )
    page.write_text(text, encoding="utf-8")


def _trace(copy: Path) -> None:
    trace = copy / "trace.json"
    text = trace.read_text(encoding="utf-8").replace('["statement-shown","3",', '["statement-shown","5",')
    trace.write_text(text, encoding="utf-8")


def _fact(copy: Path) -> None:
    trace = copy / "trace.json"
    trace.write_text(trace.read_text(encoding="utf-8").replace(f'"{FACT}",', "", 1), encoding="utf-8")


def _row(copy: Path) -> None:
    trace = copy / "trace.json"
    text = trace.read_text(encoding="utf-8")
    at = text.index(f'"{FACT}": {{"ids":["the-gazette-2021-03-01-1",')
    text = text[:at] + text[at:].replace('"the-gazette-2021-03-01-1",', "", 1)
    trace.write_text(text, encoding="utf-8")


def _none(copy: Path) -> None:
    (copy / "trace.json").write_text('{"numbers": 1}', encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_page, "“57” is a number that the trace does not have here"),
        (_trace, "the trace has “5” here, as comments-shown"),
        (_fact, f"the trace lacks the fact {FACT}"),
        (_row, f"the trace counts other rows for {FACT} than the fact, which is 3"),
        (_none, "trace.json: this is no trace of numbers"),
    ],
)
def test_a_number_put_in_and_a_trace_that_is_changed_are_findings(
    copy: Path, change: Callable[[Path], None], said: str
) -> None:
    change(copy)
    rewrite(copy)
    assert any(said in finding for finding in found_in(copy))


def test_a_page_taken_out_of_a_pdf_is_a_finding(copy: Path) -> None:
    path = copy / "library-hours-full.pdf"
    pages = {page for page, _, of in traced(copy)["papers"][path.name] if of == FACT}
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        del pdf.pages[min(pages) - 1]
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    rewrite(copy)
    assert any(f"{path.name}: the trace has “" in finding for finding in found_in(copy))
