"""What programs read of the site, read with the programs that read it; with an address of the site and without one."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup
from pybtex.database import parse_string

import topics
from brief.book import editions
from brief.book.check import check
from conftest import once

URL = "https://brief.example/mill-lane"
ABSOLUTE = ("feed.xml", "sitemap.xml")


def set_keys(root: Path, **keys: object) -> Path:
    path = root / "data" / "brief.yml"
    told = yaml.safe_load(path.read_text(encoding="utf-8")) | keys
    topics.write(path, yaml.safe_dump(told, allow_unicode=True))
    return root


@pytest.fixture(scope="module")
def addressed() -> Path:
    def make(folder: Path) -> None:
        root = topics.library(folder / "brief")
        set_keys(root, site_url=f"{URL}/", redirects={"old-comments": "comments"}, publisher='R & D {"100 %"}')
        kept = root / "data" / "editions" / f"{editions.record(root)}.json"
        earlier = json.loads(kept.read_text(encoding="utf-8"))
        earlier["comments"].popitem()
        earlier["facts"]["comments-shown"] = "2"
        topics.write(kept.with_name("2020-01-01.json"), json.dumps(earlier))
        topics.built(root)

    return once("addressed", make) / "brief" / "_build" / "html"


@pytest.mark.parametrize("packed", [False, True])
def test_the_data_package_is_valid(built_site: Path, tmp_path: Path, packed: bool) -> None:
    import frictionless  # only here: it takes long to load

    folder = built_site
    if packed:
        folder = tmp_path / "unpacked"
        with zipfile.ZipFile(built_site / "brief-data.zip") as archive:
            archive.extractall(folder)
    package = frictionless.Package(str(folder / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["title", "message"])
    assert len(package.resources) > 6
    assert {Path(str(one.path)).name for one in package.resources} == {one.name for one in folder.glob("figures/*.csv")}


def test_the_citation_says_the_same_in_each_form(addressed: Path) -> None:
    cited = yaml.safe_load((addressed / "CITATION.cff").read_text(encoding="utf-8"))
    (entry,) = parse_string((addressed / "citation.bib").read_text(encoding="utf-8"), "bibtex").entries.values()
    assert cited["authors"] == [{"name": 'R & D {"100 %"}'}]
    assert entry.fields["year"] == cited["date-released"][:4]
    assert entry.fields["url"] == cited["url"] == f"{URL}/"
    (author,) = entry.persons["author"]
    assert author.last_names == [r'{R \& D \textbraceleft{}"100 \%"\textbraceright{}}']


def test_without_an_address_what_needs_one_is_left_out_and_said(built_site: Path) -> None:
    assert not [name for name in ABSOLUTE if (built_site / name).exists()]
    page = BeautifulSoup((built_site / "data.html").read_text(encoding="utf-8"), "html.parser")
    assert "This site has no public address yet" in page.get_text()
    for path in built_site.glob("*.html"):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        assert not soup.select("link[rel=canonical], meta[property='og:url'], meta[property='og:image']"), path.name


def test_with_an_address_pages_are_mapped_and_preferred(addressed: Path) -> None:
    found = ElementTree.parse(addressed / "sitemap.xml").getroot()
    mapped = [str(element.text) for element in found.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert mapped[0] == f"{URL}/" and f"{URL}/comments.html" in mapped
    papers = [address for address in mapped if address.endswith(".pdf")]
    assert len(papers) == len(list(addressed.glob("*.pdf"))) > 0
    for address in (one for one in mapped if one not in papers):
        path = addressed / (address.removeprefix(f"{URL}/") or "index.html")
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        assert soup.select_one("link[rel=canonical]")["href"] == address  # type: ignore[index]
        picture = str(soup.select_one("meta[property='og:image']")["content"])  # type: ignore[index]
        assert (addressed / picture.removeprefix(f"{URL}/")).is_file()
    assert f"Sitemap: {URL}/sitemap.xml" in (addressed / "robots.txt").read_text(encoding="utf-8")


def test_the_feed_names_the_editions_and_what_each_changed(addressed: Path) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.parse(addressed / "feed.xml").getroot()
    assert feed.findtext(f"{atom}id") == f"{URL}/"
    entries = feed.findall(f"{atom}entry")
    assert entries[-1].findtext(f"{atom}id") == f"{URL}/editions/2020-01-01/"
    told = "Against the edition of 1 January 2020: 1 fact changed, 1 comment added."
    assert entries[0].findtext(f"{atom}summary") == told
    page = BeautifulSoup((addressed / "data.html").read_text(encoding="utf-8"), "html.parser")
    assert "against 1 January 2020: 1 fact changed, 1 comment added" in page.get_text()


def test_search_engines_are_told_of_report_and_data(addressed: Path) -> None:
    page = BeautifulSoup((addressed / "data.html").read_text(encoding="utf-8"), "html.parser")
    graph = json.loads(page.select_one("script[type='application/ld+json']").get_text())["@graph"]  # type: ignore[union-attr]
    assert [one["@type"] for one in graph] == ["Report", "Dataset"]
    assert graph[0]["url"] == f"{URL}/" and graph[1]["distribution"]["contentUrl"] == f"{URL}/brief-data.zip"


def test_a_lost_reader_finds_the_parts_from_any_depth(addressed: Path, built_site: Path) -> None:
    for site, linked in ((addressed, True), (built_site, False)):
        page = BeautifulSoup((site / "404.html").read_text(encoding="utf-8"), "html.parser")
        links = [str(link["href"]) for link in page.select("a[href]")]
        assert all(link.startswith(URL) for link in links) and bool(links) is linked
        assert "comments.html" in str(page) and not page.select("script, [src]")


def test_an_old_name_leads_to_the_new_one(addressed: Path) -> None:
    page = BeautifulSoup((addressed / "old-comments.html").read_text(encoding="utf-8"), "html.parser")
    assert page.select_one("meta[http-equiv=refresh]")["content"] == "0; url=comments.html"  # type: ignore[index]
    assert page.select_one("link[rel=canonical]")["href"] == f"{URL}/comments.html"  # type: ignore[index]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"redirects": {"comments": "methods"}}, "the page 'comments' exists, so it leads nowhere else"),
        ({"redirects": {"search": "comments"}}, "the page 'search' exists, so it leads nowhere else"),
        ({"redirects": {"old": "gone"}}, "'old' leads to 'gone', which is no page"),
        ({"redirects": {"../up": "methods"}}, "here names of pages are expected"),
        ({"redirects": ["old"]}, "here names of pages are expected"),
        ({"site_url": "brief.example"}, "'brief.example' is not a web address"),
        ({"site_url": "https://brief.example/?page=1"}, "is not a web address of a site"),
        ({"site_url": 'https://x"><script>'}, "is not a web address"),
    ],
)
def test_a_wrong_address_or_name_is_a_fault(tmp_path: Path, keys: dict[str, object], told: str) -> None:
    root = set_keys(topics.library(tmp_path / "brief"), **keys)
    assert any(told in fault.what for fault in check(root))
