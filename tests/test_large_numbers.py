"""Numbers of four digits and more: pages and PDFs separate thousands, files do not, and both are compared."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import topics
from brief.prose import catalogue
from brief.prose.language import numeral, ungrouped
from brief.site.verifying import verify
from conftest import once

LETTER = (
    "Dear council, please keep the library open in the evening because children do their homework there and the bus "
    "brings them only at five, and no other warm place is open to them after school."
)
SENT = 1_100


@pytest.fixture(scope="module")
def site() -> Path:
    """A brief whose largest campaign has more than a thousand letters."""

    def make(folder: Path) -> None:
        texts = [LETTER] * SENT + [f"Reader {n} writes on another matter." for n in range(30)]
        topics.built(topics.asked(folder / "brief", texts, 20))

    return once("large-numbers", make) / "brief" / "_build" / "html"


def test_a_table_has_numerals_and_its_file_plain_numbers(site: Path) -> None:
    page = BeautifulSoup((site / "comments.html").read_text(encoding="utf-8"), "html.parser")
    cells = [cell.get_text() for cell in page.select("#table-campaigns tbody tr:first-child > *")]
    with (site / "figures" / "table-campaigns.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert f"{SENT:,}" in cells and row["Submissions"] == str(SENT)


def test_verify_takes_both_for_the_same_number_and_no_other(site: Path, tmp_path: Path) -> None:
    assert verify(site).findings == []
    shutil.copytree(site, tmp_path / "site")
    path = tmp_path / "site" / "comments.html"
    text = path.read_text(encoding="utf-8")
    start = text.index('id="table-campaigns"')
    path.write_text(text[:start] + text[start:].replace(f">{SENT:,}<", ">1,101<", 1), encoding="utf-8")
    said = "\n".join(str(finding) for finding in verify(tmp_path / "site").findings)
    assert "the page has “1,101”, figures/table-campaigns.csv has “1100”" in said


@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_what_a_language_separates_is_joined_again(language: str) -> None:
    with catalogue.speaking(language):
        for number in (0, 12, 999, 1_000, 12_345, 1_234_567, 19_999_400):
            assert ungrouped(numeral(number)) == str(number)


@pytest.mark.parametrize("text", ["1\u202f234\u202f567", "12,34,567", "1\u2019234", "1234567"])
def test_so_is_what_others_separate(text: str) -> None:
    assert ungrouped(text) == "".join(sign for sign in text if sign.isdigit())


@pytest.mark.parametrize("text", ["", "1.5", "12,34", "2017-09-20", "1,234 comments", "0.123", "10:30"])
def test_what_is_no_whole_number_stays_as_it_is(text: str) -> None:
    assert ungrouped(text) == text
