"""Codings in and out: CSV, Excel, Label Studio and REFI-QDA, each without loss, and foreign files read without trust.

`tests/cases/exchange/Project.xsd` is the schema of the standard REFI-QDA 1.5 (QDA-XML, release of 18 March 2019), under
the MIT licence that it carries. Beside it stand files as other programs write them.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from lxml import etree

from brief import exchange, sampling
from brief.cli import main
from brief.errors import BriefError
from brief.exchange import archive, excel, files, label_studio, refi_qda
from brief.project import Codebook, check_data, codebook_from, load
from brief.readings import coded_by
from brief.tables import write_csv
from conftest import CASES

FOREIGN = CASES / "exchange"
ARTICLE = "the-gazette-2021-03-01"
ENDINGS = tuple(exchange.FORMATS)
SCHEMA = etree.XMLSchema(file=str(FOREIGN / "Project.xsd"))
Q = {"q": refi_qda.NAMESPACE}
Project = Callable[..., Path]

TEXTS = (
    "plain",
    "=1+1",
    "+44, a number",
    "-minus",
    "@council",
    "'=quoted",
    "  led and trailed by spaces  ",
    "two\r\nlines",
    "a lone\rcarriage return",
    "a\nb\n\nc\n",
    "\ttab\t",
    'quotes " and "" and \' and ; and ,',
    "<script>&amp;&#13;</script>]]>",
    "_x000D_ and _x005F_ and _x005F_x000D_ as they stand",
    "e\u0301 and é, ﬁ, 👩\u200d👩\u200d👧, \u2028, \x85, \u202eright to left\u202c",
    "\ufeffa mark of byte order",
    "\uffff and \ufffe, which XML has no place for",
    "NA",
    "007",
    "1e5",
    "TRUE",
    "2021-03-02",
)


def keys_of(code_id: str, label: str) -> dict[str, str]:
    return {"id": code_id, "label": label, "definition": f"What “{label}” means: <&>\n\nand \u2028 more."}


@pytest.fixture
def codebook() -> Codebook:
    """A codebook whose labels come twice, hold marks, or are called as a group of codes is."""
    return codebook_from(
        {
            "version": "2.1; or so",
            "question": 'Does "the writer" <want> it?',
            "stances": [keys_of("for", "For"), keys_of("mixed", "Mixed"), keys_of("theme", "Theme")],
            "certainties": [keys_of("clear", "Clear"), keys_of("for", "For")],
            "themes": [keys_of("cost", "Cost & more"), keys_of("mixed", "Mixed"), keys_of("for", "For")],
            "voices": [],
        }
    )


def comments() -> pd.DataFrame:
    names = [f"hostile-{number}" for number in range(1, len(TEXTS) + 1)]
    positions = pd.array([None, *range(2, len(TEXTS) + 1)], dtype="Int64")
    return pd.DataFrame({"comment_id": names, "position": positions, "text": TEXTS})


def codings() -> pd.DataFrame:
    """Two coders, every column, every text once as a note; the last two comments are coded by nobody."""
    rows = []
    for place, text in enumerate(TEXTS[:-2]):
        for coder in ("ann", "bob") if place % 2 else ("bob",):
            row = dict.fromkeys((exchange.CODER, *exchange.READING), "")
            row |= {"coder_id": coder, "comment_id": f"hostile-{place + 1}", "codebook_version": "2.1; or so"}
            row |= {"stance": ("for", "mixed", "theme")[place % 3], "note": text, "coded_at": "2021-03-02"}
            row |= {"themes": ("", "cost", "for;mixed;cost")[place % 3], "certainty": ("", "for")[place % 2]}
            row |= {"stance_in_thread": ("", "mixed")[place % 2], "irony": ("", "yes")[place % 2]}
            row["boundary"] = ("may continue the previous", "")[place % 2]
            row["coded_at"] = "2021-03-02T10:30:00" if place == 3 else row["coded_at"]
            rows.append(row)
    return pd.DataFrame(rows, dtype="str")


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(["comment_id", "coder_id"], ignore_index=True)


@pytest.mark.parametrize("ending", ENDINGS)
def test_out_and_in_again_nothing_is_lost(tmp_path: Path, codebook: Codebook, ending: str) -> None:
    path = tmp_path / f"codings{ending}"
    form = exchange.module_for(path)
    form.write(path, comments(), codings(), codebook)
    read = form.read(path, codebook)
    assert list(read.columns) == [*exchange.COLUMNS]
    expected = codings().merge(comments()[["comment_id", "text"]], on="comment_id")[list(exchange.COLUMNS)]
    pd.testing.assert_frame_equal(in_order(read), in_order(expected), check_dtype=False)


@pytest.mark.parametrize("ending", ENDINGS)
def test_without_codings_there_is_something_to_code_and_nothing_to_read(
    tmp_path: Path, codebook: Codebook, ending: str
) -> None:
    path = tmp_path / f"codings{ending}"
    form = exchange.module_for(path)
    form.write(path, comments(), exchange.no_codings(), codebook)
    assert form.read(path, codebook).empty
    assert list(form.read(path, codebook).columns) == [*exchange.COLUMNS]


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_codings_give_the_same_bytes(tmp_path: Path, codebook: Codebook, ending: str) -> None:
    made = []
    for folder in ("one", "two"):
        path = tmp_path / folder / f"codings{ending}"
        path.parent.mkdir()
        exchange.module_for(path).write(path, comments(), codings(), codebook)
        made.append(path.read_bytes())
    assert made[0] == made[1]


# REFI-QDA ---------------------------------------------------------------------------------------------------------


def qde(path: Path) -> etree._Element:
    with zipfile.ZipFile(path) as project:
        return etree.fromstring(project.read("project.qde"))


@pytest.fixture
def qdpx(tmp_path: Path, codebook: Codebook) -> Path:
    path = tmp_path / "codings.qdpx"
    refi_qda.write(path, comments(), codings(), codebook)
    return path


def test_a_project_is_valid_against_the_schema_of_the_standard(qdpx: Path) -> None:
    SCHEMA.assertValid(qde(qdpx))


def test_a_project_with_nothing_coded_is_valid_too(tmp_path: Path, codebook: Codebook) -> None:
    for number, shown in enumerate((comments(), comments().head(0))):
        path = tmp_path / f"{number}.qdpx"
        refi_qda.write(path, shown, exchange.no_codings(), codebook)
        SCHEMA.assertValid(qde(path))


def test_the_schema_refuses_what_is_no_project() -> None:
    assert not SCHEMA.validate(etree.fromstring(f'<Project xmlns="{refi_qda.NAMESPACE}"/>'))


def test_a_comment_is_a_text_as_it_is_and_a_selection_is_all_of_it_in_code_points(qdpx: Path) -> None:
    project = qde(qdpx)
    sources = project.findall(".//q:TextSource", Q)
    assert [source.get("name") for source in sources] == comments()["comment_id"].to_list()
    with zipfile.ZipFile(qdpx) as held:
        for source, text in zip(sources, TEXTS, strict=True):
            file = "sources/" + source.get("plainTextPath").removeprefix("internal://")
            assert held.read(file).decode("utf-8") == text
            for selection in source.findall("q:PlainTextSelection", Q):
                assert (selection.get("startPosition"), selection.get("endPosition")) == ("0", str(len(text)))
    assert len("👩\u200d👩\u200d👧") == 5, "code points, not the eight units of UTF-16"


def test_every_reference_in_a_project_leads_somewhere(qdpx: Path) -> None:
    project = qde(qdpx)
    guids = [one.get("guid") for one in project.iter() if one.get("guid")]
    assert len(guids) == len(set(guids))
    targets = {one.get("targetGUID") for one in project.iter() if one.get("targetGUID")}
    assert targets <= set(guids)
    users = {one.get("guid"): one.get("id") for one in project.findall(".//q:User", Q)}
    assert set(users.values()) == {"ann", "bob"}
    assert {one.get("creatingUser") for one in project.findall(".//q:Coding", Q)} == set(users)


def test_codes_stand_in_groups_and_no_name_comes_twice(qdpx: Path) -> None:
    groups = qde(qdpx).findall("q:CodeBook/q:Codes/q:Code", Q)
    assert [one.get("name") for one in groups][:4] == ["Stance", "Stance in its thread", "Theme", "Certainty"]
    assert {one.get("isCodable") for one in groups} == {"false"}
    names = [one.get("name") for one in qde(qdpx).findall(".//q:Code", Q)]
    assert len(names) == len(set(names))
    assert {"For", "For (theme)", "Mixed (theme)", "Theme (stance)"} <= set(names)


def test_a_project_of_another_program_is_read(tmp_path: Path, codebook: Codebook) -> None:
    project = (FOREIGN / "another-program.qde").read_bytes()
    SCHEMA.assertValid(etree.fromstring(project))
    path = zipped(tmp_path / "other.qdpx", {"Project.qde": project})
    read = refi_qda.read(path, codebook).set_index(["comment_id", "coder_id"])
    row = read.loc[("letters-1", "Ann")]
    # Known by the name of the code, though the GUID is another; two passages of one text are one reading.
    assert (row["stance"], row["themes"], row["note"]) == ("for", "cost;mixed", "Not sure.\nOf this neither.")
    assert (row["coded_at"], row["codebook_version"]) == ("2021-05-06", "")
    assert read.loc[("letters-1", "Bob"), "stance"] == "mixed"
    # The source as a whole is coded, under a name with the ending of a file.
    assert read.loc[("letters-2", "Ann"), "stance"] == "mixed"
    assert len(read) == 3


def test_a_code_that_the_codebook_lacks_is_told_and_two_stances_of_one_coder(
    tmp_path: Path, codebook: Codebook
) -> None:
    project = (FOREIGN / "another-program.qde").read_text(encoding="utf-8").replace('"Cost &amp; more"', '"For"')
    path = zipped(tmp_path / "other.qdpx", {"project.qde": project.replace('"Mixed (theme)"', '"Later"').encode()})
    with pytest.raises(BriefError) as error:
        refi_qda.read(path, codebook)
    assert "the comment 'letters-1' has the code 'Later', which is not in the codebook" in str(error.value)
    path = zipped(tmp_path / "other.qdpx", {"project.qde": project.replace('"Mixed (theme)"', '"Mixed"').encode()})
    with pytest.raises(BriefError, match="'Ann' gave the comment 'letters-1' two codes of stance"):
        refi_qda.read(path, codebook)


# Files that are not to be trusted ---------------------------------------------------------------------------------


def zipped(path: Path, content: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, inner in content.items():
            made.writestr(name, inner)
    return path


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
    path = zipped(tmp_path / "bad.qdpx", content)
    before = sorted(tmp_path.parent.rglob("*"))
    with pytest.raises(BriefError, match=message.replace("(", r"\(")):
        refi_qda.read(path, codebook)
    assert sorted(tmp_path.parent.rglob("*")) == before


@pytest.mark.parametrize("ending", [".qdpx", ".xlsx"])
def test_an_archive_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, codebook: Codebook, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    path = zipped(tmp_path / f"bomb{ending}", {"project.qde": b"0" * 2_000_000})
    assert path.stat().st_size < 10_000
    monkeypatch.setattr(archive, "MOST_BYTES", 1_000_000)
    with pytest.raises(BriefError, match="unpacked it would hold more than 1,000,000 bytes"):
        exchange.module_for(path).read(path, codebook)


@pytest.mark.parametrize("ending", [".qdpx", ".xlsx"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"words", b"\0" * 5_000])
def test_what_is_no_archive_is_told(tmp_path: Path, codebook: Codebook, ending: str, content: bytes) -> None:
    path = tmp_path / f"broken{ending}"
    path.write_bytes(content)
    with pytest.raises(BriefError, match=f"broken{ending}: this is not a "):
        exchange.module_for(path).read(path, codebook)


def test_a_damaged_archive_is_told(tmp_path: Path, qdpx: Path, codebook: Codebook) -> None:
    content = bytearray(qdpx.read_bytes())
    content[60:90] = bytes(30)
    (tmp_path / "damaged.qdpx").write_bytes(content)
    with pytest.raises(BriefError, match="this is not a project of REFI-QDA"):
        refi_qda.read(tmp_path / "damaged.qdpx", codebook)


# Excel ------------------------------------------------------------------------------------------------------------


def test_in_a_workbook_no_cell_is_a_formula_and_none_becomes_one(tmp_path: Path, codebook: Codebook) -> None:
    path = tmp_path / "codings.xlsx"
    excel.write(path, comments(), codings(), codebook)
    for sheet in openpyxl.load_workbook(path):
        filled = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in filled} <= {"s", "inlineStr"}
        assert {cell.number_format for cell in filled} == {"@"} and all(cell.quotePrefix for cell in filled)
    with zipfile.ZipFile(path) as held:
        assert not [name for name in held.namelist() if b"<f>" in held.read(name)]


def test_a_workbook_filled_in_by_hand_is_read(tmp_path: Path, codebook: Codebook) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["comment_id", None, "stance", "themes", "codebook_version", "coded_at", "note"])
    sheet.append(["a-1", "scribbled", "for", "cost; mixed", 2, pd.Timestamp("2021-03-02").to_pydatetime(), 7.0])
    sheet.append([])
    sheet.append(["a-2", None, None, None, None, None, None])
    sheet.append(["a-3", None, "for", None, None, None, None, "beyond the header"])
    path = tmp_path / "by-hand.xlsx"
    book.save(path)
    read = excel.read(path, codebook)
    assert read.index.to_list() == [2, 5]
    assert read.loc[2, ["comment_id", "themes", "codebook_version", "coded_at", "note"]].to_list() == [
        "a-1",
        "cost; mixed",
        "2",
        "2021-03-02",
        "7",
    ]


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


def test_without_openpyxl_it_says_what_to_install(
    tmp_path: Path, codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    for call in (
        lambda: excel.write(tmp_path / "x.xlsx", comments(), codings(), codebook),
        lambda: excel.read(tmp_path / "x.xlsx", codebook),
    ):
        with pytest.raises(BriefError, match=r'pip install "brief\[exchange\]"'):
            call()


# CSV and Label Studio ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("comment_id;stance\na;for\n", "Save the file with commas between the cells"),
        ("comment_id,attitude\na,for\n", "the column 'attitude' is unknown"),
        ("comment_id,themes\na,cost\n", "column stance: the column is missing"),
        ("comment_id,stance,stance\na,for,for\n", "the column 'stance' stands twice"),
        ("comment_id,stance\na\n", "row 2: the row has 1 cells and the header 2"),
        ("", "the file is empty"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_told(tmp_path: Path, codebook: Codebook, content: str, message: str) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BriefError) as error:
        exchange.module_for(path).read(path, codebook)
    assert message in str(error.value)


def test_tasks_have_the_form_of_label_studio(tmp_path: Path, codebook: Codebook) -> None:
    path = tmp_path / "tasks.json"
    label_studio.write(path, comments(), codings(), codebook)
    tasks = json.loads(path.read_text(encoding="utf-8"))
    view = etree.parse(str(tmp_path / "tasks.xml")).getroot()
    controls = {one.get("name"): one for one in view.iter() if one.get("toName")}
    assert {one.get("toName") for one in controls.values()} == {view.find("Text").get("name")}
    assert view.find("Text").get("value") == "$text" and all("text" in task["data"] for task in tasks)
    kinds = {"choices": "Choices", "textarea": "TextArea"}
    for task in tasks:
        for result in (one for annotation in task["annotations"] for one in annotation["result"]):
            control = controls[result["from_name"]]
            assert (control.tag, control.get("toName")) == (kinds[result["type"]], result["to_name"])
            chosen = set(result["value"].get("choices", ()))
            assert chosen <= {one.get("alias") for one in control}
            assert len(chosen) <= 1 or control.get("choice") == "multiple"
    assert [len(task["annotations"]) for task in tasks[:3]] == [1, 2, 1] and not tasks[-1]["annotations"]
    assert controls["themes"].get("choice") == "multiple" and controls["stance"].get("required") == "true"


def test_an_export_of_label_studio_is_read(tmp_path: Path, codebook: Codebook) -> None:
    read = label_studio.read(FOREIGN / "label-studio-export.json", codebook)
    cells = read[["comment_id", "coder_id", "stance", "themes", "certainty", "note", "coded_at"]].to_numpy().tolist()
    assert cells == [
        ["letters-1", "ann@example.org", "for", "cost;mixed", "clear", "Not sure.\nTwo lines\nof it.", "2021-05-06"],
        ["letters-1", "7", "mixed", "", "", "", "2021-05-07"],
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("words", "this is not JSON"),
        ("[" * 100_000, "this is not JSON"),
        ('{"id": 1}', "this is no list of tasks"),
        ("[1]", "task 1 is not of the form"),
        ('[{"data": {"text": "a"}, "annotations": [{"result": []}]}]', "task 1 is not of the form"),
        ('[{"comment_id": "a-1", "stance": "for"}]', "JSON-MIN"),
        (
            '[{"data": {"comment_id": "a", "text": "b"}, "annotations": [{"result": [{"from_name": "stance"}]}]}]',
            "task 1 is not of the form",
        ),
    ],
)
def test_what_label_studio_would_not_export_is_told(
    tmp_path: Path, codebook: Codebook, content: str, message: str
) -> None:
    path = tmp_path / "tasks.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BriefError, match=message):
        label_studio.read(path, codebook)


# From and to a brief ----------------------------------------------------------------------------------------------


def take_in(root: Path, path: Path, coder: str, user: str = "", replace: bool = False, **keys: Any) -> int:
    described = {"id": coder, "name": "N", "kind": "", "blind": False, "independent": False, "how": "By hand."}
    return files.take_in(root, path, {**described, **keys}, user, replace)[0]


def bytes_of(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted((root / "data").rglob("*")) if path.is_file()}


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_goes_out_comes_in_as_it_was(project: Project, ending: str) -> None:
    root = project("base")
    stored = root / "data/codings/ann.csv"
    before = stored.read_bytes()
    assert files.export(root, root / f"out{ending}", "", "") == (3, 2)
    assert take_in(root, root / f"out{ending}", "ann") == 2
    assert stored.read_bytes() == before
    stored.unlink()
    assert take_in(root, root / f"out{ending}", "ann") == 2
    assert stored.read_bytes() == before


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_filled_in_sheet_becomes_a_second_coders_file(project: Project, ending: str) -> None:
    root = project("base")
    path = root / f"sheet{ending}"
    sampling.sample(root, 3, "", 1, path)
    fill_in(
        path,
        {f"{ARTICLE}-1": ("For evenings", "work; COST", "Clear", "=note"), f"{ARTICLE}-2": ("against", "", "", "")},
    )
    assert take_in(root, path, "second", blind=True, independent=True, how="From a sheet.") == 2
    rows = coded_by(root, "second")
    assert [(row["stance"], row["themes"], row["certainty"], row["note"]) for row in rows] == [
        ("for", "work;cost", "clear", "=note"),
        ("against", "", "", ""),
    ]
    described = load(root).coders.set_index("coder_id").loc["second"]
    assert described[["kind", "blind", "independent", "how"]].to_list() == ["person", True, True, "From a sheet."]
    assert check_data(root) == []


def fill_in(path: Path, readings: dict[str, tuple[str, str, str, str]]) -> None:
    """Fill in a sheet as a person does, in a program that rewrites the whole file."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        for row in book.worksheets[0].iter_rows(min_row=2):
            for cell, text in zip(row[3:], readings.get(row[0].value, ()), strict=False):
                cell.value, cell.data_type = text or None, "s"
        book.save(path)
        return
    frame = pd.read_csv(io.BytesIO(path.read_bytes()), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    columns = ["stance", "themes", "certainty", "note"]
    for place, name in enumerate(frame["comment_id"]):
        frame.loc[place, columns] = list(readings.get(name, ("", "", "", "")))
    frame.to_csv(path, index=False, lineterminator="\r\n")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"stance": "pro"}, "row 3, column stance: 'pro' is not in the codebook"),
        ({"stance": "", "themes": "work"}, "row 3, column stance: the stance is missing"),
        ({"themes": "work, cost"}, "row 3, column themes: 'work, cost' is not in the codebook"),
        ({"comment_id": "nowhere-1"}, "row 3, column comment_id: there is no comment 'nowhere-1'"),
        ({"comment_id": f"{ARTICLE}-1"}, f"row 3, column comment_id: the comment '{ARTICLE}-1' is coded twice"),
        ({"text": "I work until six."}, f"row 3, column text: the text beside '{ARTICLE}-2' is not that comment's"),
        ({"codebook_version": "1"}, "it was coded with version 1 and the codebook is version 2"),
        ({"coded_at": "yesterday"}, "row 3, column coded_at: 'yesterday' is not a date"),
        ({"irony": "no"}, "row 3, column irony: 'no' cannot stand here"),
    ],
)
def test_a_reading_that_does_not_fit_is_told_and_nothing_is_taken_in(
    project: Project, row: dict[str, str], message: str
) -> None:
    root = project("base")
    rows = [{"comment_id": f"{ARTICLE}-1", "stance": "for"}, {"comment_id": f"{ARTICLE}-2", "stance": "for", **row}]
    path = root / "sheet.csv"
    path.write_text(write_csv(rows, ["comment_id", *sorted({"stance", *row} - {"comment_id"})]), encoding="utf-8")
    before = bytes_of(root)
    with pytest.raises(BriefError) as error:
        take_in(root, path, "second")
    assert message in str(error.value)
    assert bytes_of(root) == before


def test_a_text_that_a_program_wrapped_anew_is_the_same_text(project: Project) -> None:
    root = project("base")
    rows = [
        {"comment_id": f"{ARTICLE}-1", "stance": "for", "text": "\ufeff I work until six.\r\nWhen should I\u00a0come? "}
    ]
    (root / "sheet.csv").write_text(write_csv(rows, ["comment_id", "stance", "text"]), encoding="utf-8")
    assert take_in(root, root / "sheet.csv", "second") == 1


def test_other_readings_are_replaced_only_when_it_is_asked_for(project: Project) -> None:
    root = project("base")
    path = root / "sheet.csv"
    path.write_text(f"comment_id,stance\n{ARTICLE}-2,for\n{ARTICLE}-3,for\n", encoding="utf-8")
    before = bytes_of(root)
    with pytest.raises(BriefError, match="'ann' has read 1 of these comments otherwise"):
        take_in(root, path, "ann")
    assert bytes_of(root) == before
    assert take_in(root, path, "ann", replace=True) == 2
    assert [row["stance"] for row in coded_by(root, "ann")] == ["for", "for", "for"]


def two_coders(root: Path, path: Path) -> Path:
    rows = [{"coder_id": name, "comment_id": f"{ARTICLE}-1", "stance": "for"} for name in ("cleo", "dan")]
    path.write_text(write_csv(rows, list(rows[0])), encoding="utf-8")
    return path


def test_of_several_coders_in_a_file_one_is_taken(project: Project) -> None:
    root = project("base")
    path = two_coders(root, root / "two.csv")
    with pytest.raises(BriefError, match="the file holds codings of several: 'cleo', 'dan'"):
        take_in(root, path, "second")
    with pytest.raises(BriefError, match="the file holds no codings of 'eve'"):
        take_in(root, path, "second", user="eve")
    assert take_in(root, path, "dan") == 1
    assert take_in(root, path, "second", user="cleo") == 1


def test_one_coders_readings_do_not_become_anothers_by_mistake(project: Project) -> None:
    root = project("base")
    files.export(root, root / "out.csv", "ann", "")
    with pytest.raises(BriefError, match="the file holds codings of 'ann', who is another coder"):
        take_in(root, root / "out.csv", "second")
    with pytest.raises(BriefError, match="described as 'person', not as 'rules'"):
        take_in(root, root / "out.csv", "ann", kind="rules")


def test_what_goes_out_names_nobody_and_still_comes_in(project: Project) -> None:
    root = project("base")
    (root / "data/ledger.csv").unlink()
    text = "Call 020 7946 0958 or jo@example.org, @Jo Doe said."
    rows = [{"comment_id": f"{ARTICLE}-{place}", "author": "Jo Doe", "text": text} for place in (1, 2, 3)]
    (root / f"data/comments/{ARTICLE}.csv").write_text(write_csv(rows, list(rows[0])), encoding="utf-8")
    files.export(root, root / "out.csv", "", "")
    out = (root / "out.csv").read_text(encoding="utf-8")
    assert "Call [telephone number removed] or [e-mail address removed], @" not in out and "Doe" not in out
    assert out.count("Call [telephone number removed] or [e-mail address removed]") == 3
    assert take_in(root, root / "out.csv", "second", user="ann") == 2


def test_a_sample_goes_out_alone_and_nothing_is_overwritten(project: Project) -> None:
    root = project("base")
    sample, _ = sampling.sample(root, 1, "", 1, root / "sheet.csv")
    assert files.export(root, root / "out.csv", "nobody", sample.sample_id) == (1, 0)
    for name in ("out.csv", "sheet.json"):
        if name.endswith(".json"):
            (root / "sheet.xml").write_text("mine", encoding="utf-8")
        with pytest.raises(BriefError, match="is there already"):
            files.export(root, root / name, "", "")
    assert not (root / "sheet.json").exists()


def test_the_command_lines(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project("base"))
    result = CliRunner().invoke(main, ["export-codings", "out.qdpx"])
    assert result.exit_code == 0 and "comments: 3, codings: 2." in result.output
    given = ["import-codings", "out.qdpx", "--coder", "second", "--user", "ann", "--kind", "rules", "--blind"]
    result = CliRunner().invoke(main, given)
    assert result.exit_code == 0, result.output
    assert "Taken in: 2. Comments it does not code: 1." in result.output
    described = load(Path.cwd()).coders.set_index("coder_id").loc["second"]
    assert described.to_list() == ["second", "rules", True, False, "Taken in from out.qdpx."]
    result = CliRunner().invoke(main, ["import-codings", "out.qdpx", "--coder", "ann", "--kind", "rules"])
    assert result.exit_code == 1 and "    -> " in result.stderr
