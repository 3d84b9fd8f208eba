"""The names of sources: who and when, with a letter where two would have the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import topics
from brief.data.bibliography import read_sources, short_name
from conftest import ROOT

_SAME = """
@misc{later, author={{The Gazette}}, title={Zebra}, year={2021}, keywords={Reports}}
@misc{third, author={{The Gazette}}, title={Ending}, year={2021}, keywords={Reports}}
@misc{first, author={{The Gazette}}, title={Quay}, year={2021}, keywords={News}}
@misc{alone, author={{The Gazette}}, title={Early}, year={2020}, keywords={News}}
@misc{page, author={{The Desk}}, title={Hours}, keywords={News}}
@misc{other, author={{The Desk}}, title={Rules}, keywords={News}}
@misc{ada, author={Long, Ada and Short, Ben and Wide, Cem}, title={One}, year={2021}, keywords={News}}
@misc{dan, author={Long, Dan and Bright, Eve and Dark, Fay}, title={Two}, year={2021}, keywords={News}}
@misc{edited, editor={Kay, Gus}, title={Three}, year={2021}, keywords={News}}
@misc{nobody, title={Notice}, year={2021}, keywords={News}}
"""


@pytest.fixture
def same_names(tmp_path: Path) -> dict[str, str]:
    """The names of sources that would share them, by key."""
    topics.write(tmp_path / "data" / "sources.bib", _SAME)
    return {key: short_name(fields) for key, fields in read_sources(tmp_path).items()}


def test_sources_of_one_name_and_year_bear_letters_in_the_order_of_the_list(same_names: dict[str, str]) -> None:
    years = {"first": "2021a", "third": "2021b", "later": "2021c", "alone": "2020"}
    assert {key: same_names[key] for key in years} == {key: f"The Gazette, {year}" for key, year in years.items()}
    assert [same_names[key] for key in ("page", "other")] == ["The Desk, undated (a)", "The Desk, undated (b)"]


def test_what_a_citation_shortens_to_the_same_words_bears_letters_too(same_names: dict[str, str]) -> None:
    assert same_names["ada"] == "Ada Long, Ben Short and Cem Wide, 2021a"
    assert same_names["dan"] == "Dan Long, Eve Bright and Fay Dark, 2021b"


def test_a_source_without_authors_goes_by_its_editors_or_its_title(same_names: dict[str, str]) -> None:
    assert (same_names["edited"], same_names["nobody"]) == ("Gus Kay, 2021", "Notice, 2021")


def test_more_sources_than_letters_have_names_of_their_own_that_sort_as_they_are_listed(tmp_path: Path) -> None:
    entries = [f"@misc{{k{n:02}, author={{{{The Gazette}}}}, title={{T{n:02}}}, year={{2021}}}}" for n in range(60)]
    topics.write(tmp_path / "data" / "sources.bib", "\n".join(reversed(entries)))
    names = [short_name(fields) for _, fields in sorted(read_sources(tmp_path).items())]
    assert names[24:28] == [f"The Gazette, 2021{letter}" for letter in ("y", "z", "za", "zb")]
    assert names == sorted(set(names)) and len(names) == 60


def test_no_two_sources_of_this_brief_bear_the_same_name_anywhere(built_site: Path) -> None:
    known = read_sources(ROOT)
    names = {key: short_name(fields) for key, fields in known.items()}
    assert len(set(names.values())) == len(names) and any("letter" in fields for fields in known.values())
    shown: dict[str, set[str]] = {}
    for path in sorted(built_site.glob("*.html")):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for link in soup.select("a[href*='#source-']"):
            words = re.sub(r"^[\[(]|[\])]$", "", " ".join(link.get_text().split()))
            shown.setdefault(words, set()).add(str(link["href"]).partition("#source-")[2])
    assert {words: keys for words, keys in shown.items() if len(keys) > 1} == {}
    # Citations in prose have them too: last names, and the year with its letter.
    assert {"Computer Weekly, 2025a", "Privacy International, 2025b"} <= set(shown)


def test_letters_run_down_the_list_of_sources_and_stand_in_its_entries(built_site: Path) -> None:
    known = read_sources(ROOT)
    soup = BeautifulSoup((built_site / "sources.html").read_text(encoding="utf-8"), "html.parser")
    seen: dict[tuple[str, str], list[str]] = {}
    for entry in soup.select("ul.sources > li"):
        fields = known[str(entry["id"]).removeprefix("source-")]
        if letter := fields.get("letter"):
            seen.setdefault((fields["author"], fields.get("year", "")), []).append(letter)
            assert re.search(rf"{fields.get('year', '')}{letter}\b|undated \({letter}\)", entry.get_text())
    assert seen and all(letters == sorted(letters) and letters[0] == "a" for letters in seen.values())
