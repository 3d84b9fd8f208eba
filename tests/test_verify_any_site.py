"""`brief verify` of sites in any language, from any host, in any archive: all is looked at, nothing sound named."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest

import published
import topics
from brief.contract import manifest
from brief.errors import BriefError
from brief.prose.catalogue import packaged, speaking
from brief.prose.language import counted, formatted
from brief.site.verifying import facts, stored, verify
from published import LATER, found_in, pdf_of, rewrite

NOUNS = (("comment block", "comment blocks"), ("reader", "readers"))
#: What file managers leave in a folder, and what archives made by them hold.
LEFT = (".DS_Store", "figures/.DS_Store", "_static/Thumbs.db", "__MACOSX/._index.html")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the site for a test to change."""
    return Path(shutil.copytree(published.site(), tmp_path / "site"))


@pytest.mark.parametrize("tag", packaged())
@pytest.mark.parametrize(("noun", "nouns"), NOUNS)
def test_a_counted_fact_is_read_as_the_language_writes_it(tag: str, noun: str, nouns: str) -> None:
    with speaking(tag):
        for number in (0, 1, 2, 7, 12, 1_234):
            fact, other = (facts.Known(value, formatted(value), noun, "") for value in (number, number + 1))
            text = counted(number, noun, nouns)
            assert facts.is_printed(text, fact) and not facts.is_printed(text, other), text


def test_a_page_declared_in_another_language_is_a_finding_and_read_all_the_same(copy: Path) -> None:
    page = copy / "methods.html"
    text = page.read_text(encoding="utf-8").replace(">2 comment blocks</a>", ">3 comment blocks</a>")
    page.write_text(text, encoding="utf-8")
    for pages in ([page], sorted(copy.glob("*.html"))):
        for path in pages:
            content = path.read_text(encoding="utf-8")
            path.write_text(re.sub(r'<html([^>]*) lang="\w+"', r'<html\1 lang="xx"', content), encoding="utf-8")
        rewrite(copy)
        found = found_in(copy)
        for path in pages:
            assert any(f"{path.name}: the page is declared to be in “xx”" in finding for finding in found)
        assert any("the page says “3 comment blocks”" in finding for finding in found)


def test_the_date_beside_the_manifest_is_that_of_the_manifest(copy: Path) -> None:
    (copy / "edition.txt").write_text("2020-01-01\n", encoding="utf-8")
    rewrite(copy)
    said = f"edition.txt: it says that this is the edition of 2020-01-01, the manifest says {LATER}"
    assert any(finding.startswith(said) for finding in found_in(copy))
    (copy / "edition.txt").unlink()
    rewrite(copy)
    assert any(finding.startswith("edition.txt: the file is missing") for finding in found_in(copy))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%%EOF", b"nothing"], ids=["empty", "no text", "no PDF"])
def test_a_pdf_that_cannot_be_read_is_a_finding(copy: Path, content: bytes) -> None:
    for name in ("library-hours.pdf", "library-hours-full.pdf"):
        (copy / name).write_bytes(content)
    rewrite(copy)
    found = found_in(copy)
    for name in ("library-hours.pdf", "library-hours-full.pdf"):
        assert any(finding.startswith(f"{name}: the PDF cannot be read") for finding in found)


def test_another_pdf_in_the_place_of_the_full_one_is_a_finding(copy: Path) -> None:
    other = pdf_of(b"<0041> <005A> <0041>", b"(\\000A\\000B)")
    (copy / "library-hours-full.pdf").write_bytes(other)
    rewrite(copy)
    assert any("library-hours-full.pdf: no paragraph of the pages stands in it" in each for each in found_in(copy))


@pytest.mark.parametrize("table", ["facts", "statements"])
def test_a_table_taken_out_of_the_data_page_is_a_finding(copy: Path, table: str) -> None:
    page = copy / "data.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(re.sub(rf'<table class="{table}.*?</table>', "", text, flags=re.DOTALL), encoding="utf-8")
    rewrite(copy)
    said = {"facts": "the table of facts is not there", "statements": "the data page lists no such statement"}
    assert any(said[table] in finding for finding in found_in(copy))


def test_what_file_managers_add_is_the_hosts(copy: Path, tmp_path: Path) -> None:
    for name in LEFT:
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_bytes(b"\0")
    assert found_in(copy) == []
    with zipfile.ZipFile(tmp_path / "site.zip", "w") as archive:
        for name, content in topics.files_of(copy).items():
            archive.writestr(f"site/{name}", content)
        archive.writestr("__MACOSX/site/._index.html", b"\0")
    assert found_in(tmp_path / "site.zip") == []


def test_an_archive_may_be_as_large_as_a_site_and_a_larger_one_is_told_of(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "site.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in topics.files_of(copy).items():
            archive.writestr(name, content)
        # Earlier editions are not read of an archive, so that they do not count.
        archive.writestr("editions/2020-01-01/large.csv", b"0" * 2_000_000)
    size = sum(path.stat().st_size for path in copy.rglob("*") if path.is_file())
    monkeypatch.setattr(stored, "MOST_UNPACKED", size)
    assert found_in(path) == []
    monkeypatch.setattr(stored, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(BriefError, match="more than 1 MB") as error:
        verify(path)
    assert error.value.faults[0].remedy == "Unpack it, and name the folder instead: brief verify FOLDER."


def test_each_finding_has_its_place_and_says_a_thing_once(copy: Path, tmp_path: Path) -> None:
    os.mkfifo(copy / "pipe.html")
    (copy / "facts.json").write_text("[1]", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    first = verify(copy, data=tmp_path / "empty")
    assert {"pipe.html", "facts.json", "empty"} <= {finding.file for finding in first.findings}
    (copy / manifest.NAME).unlink()
    (copy / manifest.NAME).mkdir()
    second = verify(copy)
    assert manifest.NAME in {finding.file for finding in second.findings}
    for report in (first, second):
        assert all(finding.file and not finding.file.endswith("#") for finding in report.findings)
        assert "this is this is" not in report.text()
