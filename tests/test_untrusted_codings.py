"""Files of codings that come from elsewhere are not trusted: they cannot reach out, grow, run or break anything."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

import hostile_codings
from brief.coding import exchange
from brief.coding.exchange import excel, refi_qda
from brief.contract import archives
from brief.data.shapes import Codebook
from brief.errors import BriefError
from hostile_codings import codings, comments, zipped


@pytest.fixture
def codebook() -> Codebook:
    return hostile_codings.codebook()


LAUGHS = (
    '<!DOCTYPE Project [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]>"
)
OUTSIDE = '<!DOCTYPE Project [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


def project_of(text: str, before: str = "", path: str = "") -> bytes:
    source = f'<TextSource guid="{refi_qda.guid("x")}" name="a-1" {path}>{text}</TextSource>'
    return f'{before}<Project xmlns="{refi_qda.NAMESPACE}" name="x"><Sources>{source}</Sources></Project>'.encode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"project.qde": project_of("<PlainTextContent>&m;</PlainTextContent>", LAUGHS)}, "declares a document type"),
        ({"project.qde": project_of("<PlainTextContent>&x;</PlainTextContent>", OUTSIDE)}, "declares a document type"),
        (
            {"project.qde": project_of("&x;", OUTSIDE).decode().encode("utf-16")},
            "declares a document type",
        ),
        ({"project.qde": b"<Project>"}, "this XML cannot be read"),
        ({"project.qde": b"<Project/>"}, "its outermost element is Project"),
        ({"other.xml": b"<Project/>"}, "it holds 0 files project.qde instead of one"),
        ({"project.qde": b"", "../../evil.txt": b""}, "a file '../../evil.txt' outside of it"),
        ({"project.qde": b"", "/etc/evil": b""}, "a file '/etc/evil' outside of it"),
        ({"project.qde": b"", "C:\\evil": b""}, "outside of it"),
        (
            {"project.qde": project_of("", path='plainTextPath="internal://../../../etc/hostname"')},
            "is not in the project",
        ),
        ({"project.qde": project_of("", path='plainTextPath="file:///etc/hostname"')}, "is not in the project"),
        (
            {"project.qde": project_of("", path='plainTextPath="internal://a.txt"'), "sources/a.txt": b"\xff"},
            "is not UTF-8",
        ),
    ],
)
def test_a_project_cannot_reach_out_or_grow(
    tmp_path: Path, codebook: Codebook, content: dict[str, bytes], message: str
) -> None:
    coded = b'<Coding guid="0"><CodeRef targetGUID="0"/></Coding></TextSource>'
    content = {name: inner.replace(b"</TextSource>", coded) for name, inner in content.items()}
    folder = tmp_path / "above" / "beside"
    folder.mkdir(parents=True)
    path = zipped(folder / "bad.qdpx", content)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BriefError, match=message.replace("(", r"\(")):
        refi_qda.read(path, codebook)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("ending", [".qdpx", ".xlsx"])
def test_an_archive_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, codebook: Codebook, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    path = zipped(tmp_path / f"bomb{ending}", {"project.qde": b"0" * 2_000_000, "xl/x.xml": b"0" * 2_000_000})
    assert path.stat().st_size < 10_000
    monkeypatch.setattr(archives, "MOST_BYTES", 1_000_000)
    with pytest.raises(BriefError, match="unpacked it would hold more than 1 MB"):
        exchange.module_for(path).read(path, codebook)


@pytest.mark.parametrize("ending", [".qdpx", ".xlsx"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"words", b"\0" * 5_000])
def test_what_is_no_archive_is_told(tmp_path: Path, codebook: Codebook, ending: str, content: bytes) -> None:
    path = tmp_path / f"broken{ending}"
    path.write_bytes(content)
    with pytest.raises(BriefError, match=f"broken{ending}: this is not a "):
        exchange.module_for(path).read(path, codebook)


def test_a_damaged_archive_is_told(tmp_path: Path, codebook: Codebook) -> None:
    refi_qda.write(tmp_path / "sound.qdpx", comments(), codings(), codebook)
    content = bytearray((tmp_path / "sound.qdpx").read_bytes())
    content[60:90] = bytes(30)
    (tmp_path / "damaged.qdpx").write_bytes(content)
    with pytest.raises(BriefError, match="this is not a project of REFI-QDA"):
        refi_qda.read(tmp_path / "damaged.qdpx", codebook)


def test_a_formula_that_comes_in_is_refused_not_computed(tmp_path: Path, codebook: Codebook) -> None:
    book = openpyxl.Workbook()
    book.active.append(["comment_id", "stance", "note"])
    book.active.append(["a-1", "for", "=1+1"])
    path = tmp_path / "formula.xlsx"
    book.save(path)
    with pytest.raises(BriefError, match=r"formula.xlsx, row 2, column note: the cell holds a formula"):
        excel.read(path, codebook)


def test_a_workbook_that_declares_entities_is_refused(tmp_path: Path, codebook: Codebook) -> None:
    path = tmp_path / "codings.xlsx"
    excel.write(path, comments(), codings(), codebook)
    with zipfile.ZipFile(path) as held:
        content = {name: held.read(name) for name in held.namelist()}
    for before in (LAUGHS.encode(), OUTSIDE.encode()):
        evil = {**content, "xl/workbook.xml": before + content["xl/workbook.xml"]}
        with pytest.raises(BriefError, match="declares a document type"):
            excel.read(zipped(tmp_path / "evil.xlsx", evil), codebook)
    evil = {**content, "xl/workbook.xml": LAUGHS.encode("utf-16")}
    with pytest.raises(BriefError, match="not in UTF-8"):
        excel.read(zipped(tmp_path / "evil.xlsx", evil), codebook)
    broken = {**content, "xl/worksheets/sheet1.xml": b"<worksheet>"}
    with pytest.raises(BriefError, match="this workbook cannot be read"):
        excel.read(zipped(tmp_path / "broken.xlsx", broken), codebook)


def test_a_text_longer_than_a_cell_is_refused_not_cut(tmp_path: Path, codebook: Codebook) -> None:
    long = comments().assign(text="x" * 32_768)
    with pytest.raises(BriefError, match="a cell holds 32,767 signs and the comment 'hostile-1' is longer"):
        excel.write(tmp_path / "long.xlsx", long, codings(), codebook)
    assert not (tmp_path / "long.xlsx").exists()


def test_no_reader_of_workbooks_is_imported_before_it_is_needed() -> None:
    code = "import brief.cli, brief.data.examining, brief.coding.transfer, sys"
    code += "; import brief.coding.exchange.refi_qda, brief.coding.exchange.excel"
    code += "; print([name for name in ('openpyxl', 'lxml') if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
