"""`brief verify`: what somebody changes in a published folder is found and named, also behind a rewritten manifest."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
import yaml
from click.testing import CliRunner

import published
import topics
from brief.cli import main
from brief.contract import manifest
from brief.errors import BriefError
from brief.site.verifying import papers, stored, verify
from conftest import CASES, ROOT
from published import EARLIER, LATER, found_in, pdf_of, publish, rewrite

TAMPERINGS = yaml.safe_load((CASES / "verify" / "tamperings.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def site() -> Path:
    """A small site with a quotation, built once for all processes; no test changes it."""
    return published.site()


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    """A copy of it for a test to change."""
    return Path(shutil.copytree(site, tmp_path / "site"))


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    """A publication of two editions; the earlier one is the same site under another date."""
    return published.publication(tmp_path)


def test_an_untouched_site_and_its_archive_contradict_nothing(site: Path) -> None:
    for path in (site, site / "brief-data.zip"):
        report = verify(path)
        assert report.findings == []
        assert "SHA-256 of the manifest" in report.text()
    told = verify(site).text()
    assert re.search(r"1 quotation against", told) and re.search(r"full\.pdf: \d+ paragraphs", told)


def test_the_manifest_is_read_by_the_tool_that_everybody_has(site: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", manifest.NAME], cwd=site, check=True)


@pytest.mark.parametrize("case", TAMPERINGS, ids=lambda case: case["name"])
def test_a_tampering_is_found_and_named(copy: Path, case: dict[str, str]) -> None:
    path = copy / case["file"]
    text = path.read_text(encoding="utf-8")
    assert case["before"] in text
    path.write_text(text.replace(case["before"], case["after"], 1), encoding="utf-8")
    assert any(finding.startswith(f"{case['file']}: the file was changed") for finding in found_in(copy))
    rewrite(copy)
    found = found_in(copy)
    if case["rewritten"]:
        assert any(case["rewritten"] in finding for finding in found), found
    else:
        assert found == []


def test_what_is_rewritten_altogether_is_found_by_the_digest(site: Path, copy: Path) -> None:
    known = verify(site).digest
    picture = copy / "figures" / "comment-tiles.svg"
    picture.write_text(picture.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    rewrite(copy)
    assert [finding.file for finding in verify(copy, known).findings] == [manifest.NAME]
    assert verify(site, known).findings == []


def test_facts_changed_everywhere_alike_are_found_by_the_data(copy: Path, site: Path) -> None:
    """The facts are computed anew from the folder of the brief: its data stand two folders above its site."""
    facts = json.loads((copy / "facts.json").read_text(encoding="utf-8"))
    told = next(fact for fact in facts if fact["name"] == "comments-shown")
    told |= {"value": 9, "printed": "9"}
    (copy / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    found = [str(finding) for finding in verify(copy, data=site.parents[1]).findings]
    assert any("comments-shown is not the one that the data give: 3" in finding for finding in found)
    assert verify(site, data=site.parents[1]).findings == []


def _other_letter(path: Path) -> None:
    """Change a letter of a paragraph in a PDF, as an editor of PDFs does."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for page in pdf.pages:
            fonts = page.Resources.Font
            steps = list(pikepdf.parse_content_stream(page))
            codes: dict[str, int] = {}
            for place, step in enumerate(steps):
                if str(step.operator) == "Tf":
                    cmap = fonts[str(step.operands[0])].ToUnicode.read_bytes().decode("latin-1")
                    codes = {chr(int(b, 16)): int(a, 16) for a, b in re.findall(r"<(\w{4})> <(\w{4})>", cmap)}
                if str(step.operator) == "TJ" and {"s", "n"} <= set(codes):
                    text = b"".join(bytes(part) for part in step.operands[0] if isinstance(part, pikepdf.String))
                    words = "".join(
                        {v: k for k, v in codes.items()}.get(int.from_bytes(text[i : i + 2], "big"), "")
                        for i in range(0, len(text), 2)
                    )
                    if "stands in no" in words:
                        at = words.index("stands in no") * 2
                        text = text[:at] + codes["n"].to_bytes(2, "big") + text[at + 2 :]
                        steps[place] = pikepdf.ContentStreamInstruction(
                            [pikepdf.Array([pikepdf.String(text)])], step.operator
                        )
                        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(steps))
                        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable)
                        return
    pytest.fail("the sentence is in no page of the PDF")


def test_a_letter_changed_in_apdf_of(copy: Path) -> None:
    pdf = copy / "library-hours-full.pdf"
    _other_letter(pdf)
    assert any(finding.startswith("library-hours-full.pdf: the file was changed") for finding in found_in(copy))
    rewrite(copy)
    assert any("library-hours-full.pdf says it otherwise" in finding for finding in found_in(copy))


def test_files_removed_and_added(copy: Path) -> None:
    (copy / "sources.html").unlink()
    (copy / "figures" / "extra.csv").write_text("x\n", encoding="utf-8")
    (copy / "linked.html").symlink_to("/etc/passwd")
    os.mkfifo(copy / "pipe.html")
    found = found_in(copy)
    for words in (
        "sources.html: the file is missing",
        "extra.csv: the file was added",
        "linked.html: this is a link",
        "pipe.html: this is",
    ):
        assert any(words in finding for finding in found), words
    (copy / "pipe.html").unlink()
    rewrite(copy)
    assert any("sources.html: the file is missing: " in finding for finding in found_in(copy))


def test_a_publication_names_its_editions_in_their_order(publication: Path) -> None:
    report = verify(publication)
    assert report.findings == [] and any("2 editions" in line for line in report.checked)
    assert (publication / manifest.NAME).read_text() == (publication / "editions" / LATER / manifest.NAME).read_text()


def _swapped(public: Path) -> None:
    one, other = (public / "editions" / date for date in (EARLIER, LATER))
    one.rename(public / "aside")
    other.rename(one)
    (public / "aside").rename(other)


def _rewritten(public: Path) -> None:
    page = public / "editions" / EARLIER / "404.html"
    page.write_text(page.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    rewrite(page.parent, EARLIER)


def _removed(public: Path) -> None:
    shutil.rmtree(public / "editions" / EARLIER)


def _put_between(public: Path) -> None:
    between = public / "editions" / "2021-02-20"
    shutil.copytree(public / "editions" / EARLIER, between)
    rewrite(between, between.name)


@pytest.mark.parametrize("tamper", [_swapped, _rewritten, _removed, _put_between])
def test_an_edition_swapped_rewritten_removed_or_put_in(publication: Path, tamper: Callable[[Path], None]) -> None:
    tamper(publication)
    found = found_in(publication)
    assert any(f"editions/{LATER}/{manifest.NAME}: the edition names" in finding for finding in found) or any(
        "the manifest is that of the edition" in finding for finding in found
    )


def test_publishing_again_does_not_cover_up_a_change(publication: Path, site: Path) -> None:
    page = publication / "editions" / EARLIER / "404.html"
    page.write_text(page.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert f"editions/{EARLIER} is not as it was published: 404.html" in publish(site, publication)
    assert any(
        finding.startswith(f"editions/{EARLIER}/404.html: the file was changed") for finding in found_in(publication)
    )


def test_an_edition_that_a_withdrawal_altered_says_so(publication: Path, copy: Path) -> None:
    text = "I work until six. When should I come?"
    gone = {"id": "the-gazette-2021-03-01-1", "label": "Comment 1", "pseudonym": "Reader 1", "text": text}
    (copy / "withdrawn.json").write_text(json.dumps({"comments": [gone], "edition": LATER}), encoding="utf-8")
    rewrite(copy)
    publish(copy, publication)
    earlier = publication / "editions" / EARLIER
    assert text not in (earlier / "comments.html").read_text(encoding="utf-8")
    listed = manifest.parse((earlier / manifest.NAME).read_text(encoding="utf-8"))
    assert [date for date, _ in listed.former] == [LATER]
    report = verify(publication)
    assert [finding for finding in report.findings if finding.file.startswith("editions/")] == []
    assert any("made anew with the edition" in line for line in report.checked)


def test_the_command_ends_with_a_status_and_never_with_a_traceback(site: Path, copy: Path, tmp_path: Path) -> None:
    for content in (b"", b"[[[[" * 5000, b"\xff\xfe", b'[{"name": 1}]', b"9" * 5000, b"null"):
        for name in (
            "facts.json",
            "data.html",
            "brief-data.zip",
            "library-hours.pdf",
            "datapackage.json",
            manifest.NAME,
        ):
            (copy / name).write_bytes(content)
        ended = CliRunner().invoke(main, ["verify", str(copy)])
        assert ended.exit_code == 1 and isinstance(ended.exception, SystemExit), (content, ended.exception)
    other = tmp_path / "site.zip"
    with zipfile.ZipFile(other, "w") as archive:
        for name, content in topics.files_of(site).items():
            archive.writestr(f"site/{name}", content)
    ended = CliRunner().invoke(main, ["verify", str(other)])
    assert ended.exit_code == 0, ended.output
    ended = CliRunner().invoke(main, ["verify", str(tmp_path / "nothing")])
    assert ended.exit_code == 1 and "there is no 'nothing'" in ended.output


def test_publishing_needs_nothing_installed(publication: Path) -> None:
    """What links the editions is the module of the program itself, and runs without its packages."""
    assert (ROOT / "tools" / "take_out" / "manifest.py").read_bytes() == Path(manifest.__file__).read_bytes()
    command = [sys.executable, "-E", "-s", "-S", str(ROOT / "tools" / "chain_editions.py"), str(publication), LATER]
    before = topics.files_of(publication)
    subprocess.run(command, check=True)
    assert topics.files_of(publication) == before


@pytest.mark.parametrize("content", [b"\xff\xfe<p>Nothing</p>", b""], ids=["not UTF-8", "empty"])
def test_a_page_that_cannot_be_read_is_a_finding(copy: Path, content: bytes) -> None:
    pages = sorted(copy.glob("*.html"))
    for page in pages:
        page.write_bytes(content)
    rewrite(copy)
    report = verify(copy)
    assert {page.name for page in pages} <= {finding.file for finding in report.findings}
    assert not any("pages: there are none here" in line for line in report.unchecked)


@pytest.mark.parametrize("entry", [1, {"name": None}, {"name": ["a"]}, {"name": "\ud800"}, "second"], ids=str)
def test_entries_that_are_no_facts_are_findings_beside_the_others(copy: Path, site: Path, entry: object) -> None:
    facts = json.loads((copy / "facts.json").read_text(encoding="utf-8"))
    facts.append(facts[0] if entry == "second" else entry)
    (copy / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    report = verify(copy, data=site.parents[1])
    found = [str(finding) for finding in report.findings]
    wrong = f"facts.json: entry {len(facts)} is {'a second fact' if entry == 'second' else 'no fact'}"
    assert any(finding.startswith("facts.json: the file was changed") for finding in found)
    assert any(finding.startswith(wrong) for finding in found)
    assert not any("the data give" in finding for finding in found)
    assert any("against the brief's own data" in line for line in report.checked)


def test_what_was_found_is_told_also_where_the_data_cannot_be_read(copy: Path, tmp_path: Path) -> None:
    (copy / "facts.json").write_text("[1]", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    found = [str(finding) for finding in verify(copy, data=tmp_path / "empty").findings]
    assert any(finding.startswith("facts.json: the file was changed") for finding in found)
    assert any(finding.startswith("facts.json: entry 1 is no fact") for finding in found)
    assert found[-1].startswith("empty: 'empty' lies in no brief")


@pytest.mark.parametrize("date", ["2017-01-01", LATER])
def test_a_manifest_of_an_edition_that_is_no_text_is_a_finding(publication: Path, date: str) -> None:
    folder = publication / "editions" / date
    folder.mkdir(exist_ok=True)
    (folder / manifest.NAME).write_bytes(b"\xff")
    found = found_in(publication)
    assert any(finding.startswith(f"editions/{date}/{manifest.NAME}: the file is not in UTF-8") for finding in found)
    shown = any("the edition that is shown is not the one kept" in finding for finding in found)
    assert shown == (date == LATER)


def test_a_pdf_that_costs_more_than_any_brief_is_not_read_to_its_end() -> None:
    letters, drawn = b"<0041> <005A> <0041>", b"(\\000A\\000B)"
    assert papers.text_of(pdf_of(letters, drawn)) == ("AB",)
    assert papers.text_of(pdf_of(letters, drawn, b"5 0 R 5 0 R")) == ("ABAB",)
    long = drawn * 1_000
    for pdf in (
        pdf_of(b"<0000> <7FFF> <0000> " * 6_000, drawn),
        pdf_of(b"<0000> <FFFFFFFF> <0000>", drawn),
        pdf_of(letters, long, b"5 0 R " * 10_000),
    ):
        with pytest.raises(ValueError, match="too large"):
            papers.text_of(pdf)


def test_a_string_of_a_pdf_without_an_end_hides_nothing_after_it() -> None:
    assert papers.text_of(pdf_of(b"<0041> <005A> <0041>", rb"(\(\(\( <0041> <00420043>")) == ("ABC",)


def test_a_folder_has_as_many_files_as_a_manifest_can_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "MOST_FILES", 2)
    for name in ("a", "b"):
        (tmp_path / name).touch()
    assert stored.of_folder(tmp_path).names == {"a", "b"}
    (tmp_path / "c").touch()
    with pytest.raises(BriefError, match="more than 2 files"):
        stored.of_folder(tmp_path)


def test_the_only_file_of_an_archive_keeps_its_name(tmp_path: Path) -> None:
    for inside, names in (("facts.json", {"facts.json"}), ("site/facts.json", {"facts.json"})):
        with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
            archive.writestr(inside, "[]")
        assert stored.of_archive(tmp_path / "one.zip").names == names


def test_a_sign_of_a_pdf_that_could_not_be_set_is_found(copy: Path) -> None:
    (copy / "new-brief.pdf").write_bytes(pdf_of(b"<0041> <0041> <FFFD>", b"<0041>"))
    rewrite(copy)
    assert any(f.startswith("new-brief.pdf") and "could not be set" in f for f in found_in(copy))
