"""A figure that leaves the page: its own page, picture and archive carry base, caveat and source; no article's text."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from brief.data.loading import load
from brief.site.policy import STILL
from conftest import ROOT, longest_quotation, words_of_articles_in_a_row

FIGURES = ("alignment", "claims-ladder", "comment-tiles", "timeline", "voice-strip", "what-is-missing")
PNG, CARD = b"\x89PNG\r\n\x1a\n", (1200, 630)


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def edition() -> tuple[int, int, int]:
    """The date that this edition carries: no file in an archive has another."""
    date = load(ROOT).topic.edition
    return (date.year, date.month, date.day)


@pytest.mark.parametrize("figure_id", FIGURES)
def test_the_page_of_a_figure_says_all_that_its_chapter_says(built_site: Path, figure_id: str) -> None:
    embed = soup(built_site / "figures" / f"{figure_id}.html")
    assert embed.select_one("meta[http-equiv=Content-Security-Policy]")["content"] == STILL  # type: ignore[index]
    assert not embed.select("script") and len(embed.select("svg")) == 2
    link = embed.select_one("a[target=_top]")
    assert link is not None
    page, _, anchor = str(link["href"]).removeprefix("../").partition("#")
    chapter = soup(built_site / page).find(id=anchor)
    assert chapter is not None
    for part in ("headline", "subtitle", "note", "source"):
        own, there = embed.select_one(f".exhibit__{part}"), chapter.select_one(f".exhibit__{part}")
        assert (own and own.get_text()) == (there and there.get_text()), part
    assert embed.select_one("[role=img]")["aria-label"] == chapter.select_one("[role=img]")["aria-label"]  # type: ignore[index]


@pytest.mark.parametrize("figure_id", [*FIGURES, "brief"])
def test_a_picture_for_sharing_has_the_size_that_previews_want(built_site: Path, figure_id: str) -> None:
    content = (built_site / "figures" / f"{figure_id}.card.png").read_bytes()
    assert content.startswith(PNG)
    assert (int.from_bytes(content[16:20]), int.from_bytes(content[20:24])) == CARD


@pytest.mark.parametrize("figure_id", FIGURES)
def test_the_archive_of_a_figure_says_what_the_data_are(built_site: Path, figure_id: str) -> None:
    embed = soup(built_site / "figures" / f"{figure_id}.html")
    with zipfile.ZipFile(built_site / "figures" / f"{figure_id}.zip") as archive:
        assert archive.namelist() == ["README.txt", f"{figure_id}.csv"]
        readme = archive.read("README.txt").decode()
        assert {entry.date_time[:3] for entry in archive.infolist()} == {edition()}
    for part in ("headline", "subtitle", "note", "source"):
        found = embed.select_one(f".exhibit__{part}")
        assert found is None or found.get_text() in readme, part
    assert "CC BY 4.0" in readme and "Cite, in full:" in readme


def test_no_archive_holds_the_text_of_an_article(built_site: Path) -> None:
    archives = sorted(built_site.rglob("*.zip"))
    assert len(archives) > len(FIGURES)
    for path in archives:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
            text = "\n".join(archive.read(name).decode() for name in archive.namelist())
        found = words_of_articles_in_a_row(text)
        assert len(found.split()) <= longest_quotation(), f"{path.name}: {found}"
        if path.stem == "claims-ladder":
            assert len(found.split()) > 10, "quotations are found, so a longer text would be"


def test_the_data_page_has_the_plumbing_and_no_other_page(built_site: Path) -> None:
    data = soup(built_site / "data.html")
    assert len(data.select(".reuse__figure")) == len(list((built_site / "figures").glob("*.html"))) >= len(FIGURES)
    for figure in data.select(".reuse__figure"):
        code = figure.select_one("pre code")
        frame = BeautifulSoup(code.get_text() if code else "", "html.parser").iframe
        assert frame is not None and frame["title"] and (built_site / str(frame["src"])).is_file()
    for path in built_site.glob("*.html"):
        if path.name != "data.html":
            text = path.read_text(encoding="utf-8")
            assert not [words for words in ("datapackage.json", "&lt;iframe", "ld+json") if words in text], path.name
    assert json.loads(data.select_one("script[type='application/ld+json']").get_text())  # type: ignore[union-attr]
