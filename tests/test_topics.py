"""Any topic, any size: strict sites on an invented topic, from no comment to forty, coded or not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import topics
from conftest import ROOT
from topics import SIZES, TEXTS


def facts_of(site: Path) -> dict[str, object]:
    return {fact["name"]: fact["value"] for fact in json.loads((site / "facts.json").read_text(encoding="utf-8"))}


def page(site: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


@pytest.mark.parametrize(("count", "coded"), SIZES)
def test_a_site_stands_whatever_there_is(count: int, coded: int) -> None:
    site = topics.built_asked(count, coded)
    facts = facts_of(site)
    assert facts["comments-shown"] == count
    assert facts["comments-coded"] == coded
    assert facts["comments-not-coded"] == count - coded
    if not count:
        assert not (site / "comments.html").exists(), "a chapter without data leaves the contents"
        return
    comments = page(site, "comments")
    assert [element.get_text() for element in comments.select("blockquote.verbatim")] == TEXTS[:count]
    uncoded = [element for element in comments.select("article.comment") if "Not classified" in element.get_text()]
    assert len(uncoded) == count - coded
    assert "%" not in comments.get_text()


def test_a_second_topic_with_an_article_stands_too() -> None:
    site = topics.built_library()
    assert "The library's evenings" in page(site, "index").get_text()
    assert page(site, "article").select(".quoted-paragraph")
    for path in site.rglob("*.html"):
        assert "whatsapp" not in path.read_text(encoding="utf-8").lower(), path.name


def test_rights_can_be_switched_to_excerpts(tmp_path: Path) -> None:
    root = topics.copied(topics.built_library(), tmp_path / "brief")
    article = root / "data" / "articles" / "the-gazette-2021-03-01.md"
    long = "A paragraph that goes on " + "and on " * 40
    article.write_text(article.read_text(encoding="utf-8") + f"\n{long.strip()}\n", encoding="utf-8")
    (root / "data" / "voices.csv").unlink()
    topic = root / "data" / "brief.yml"
    topic.write_text(topic.read_text(encoding="utf-8").replace("full_text", "excerpt"), encoding="utf-8")
    site = topics.built(root)
    shown = page(site, "article").get_text()
    assert "A paragraph that goes on" in shown and long.strip() not in shown
    assert all(long.strip().encode() not in content for content in topics.files_of(site).values())


def test_nothing_general_names_the_first_topic() -> None:
    for folder in ("src", "book"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".md", ".html", ".js", ".css", ".yml") and "topic" not in path.parts:
                assert "whatsapp" not in path.read_text(encoding="utf-8").lower(), path
