"""Codings in and out: CSV, Excel, Label Studio and REFI-QDA, each without loss and as its standard or program has it.

`tests/cases/exchange/Project.xsd` is the schema of the standard REFI-QDA 1.5 (QDA-XML, release of 18 March 2019), under
the MIT licence that it carries. Beside it stand files as other programs write them.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from lxml import etree

import hostile_codings
from brief.coding import exchange
from brief.coding.exchange import excel, label_studio, refi_qda
from brief.contract.formats import formats_in
from brief.data.shapes import Codebook
from brief.errors import BriefError
from conftest import CASES
from hostile_codings import TEXTS, codings, comments, zipped

FOREIGN = CASES / "exchange"
ENDINGS = tuple(formats_in(exchange.__name__))
SCHEMA = etree.XMLSchema(file=str(FOREIGN / "Project.xsd"))
Q = {"q": refi_qda.NAMESPACE}


@pytest.fixture
def codebook() -> Codebook:
    return hostile_codings.codebook()


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


def test_definitions_go_with_the_codes_as_they_are(qdpx: Path, codebook: Codebook) -> None:
    told = [one.text for one in qde(qdpx).findall(".//q:Code/q:Description", Q)]
    assert told[:3] == [code.definition for code in codebook.stances]


def test_a_project_of_another_program_is_read(tmp_path: Path, codebook: Codebook) -> None:
    project = (FOREIGN / "another-program.qde").read_bytes()
    SCHEMA.assertValid(etree.fromstring(project))
    path = zipped(tmp_path / "other.qdpx", {"Project.qde": project})
    read = refi_qda.read(path, codebook).set_index(["comment_id", "coder_id"])
    row = read.loc[("letters-1", "Ann"), :].to_dict()
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
    assert "the comment 'letters-1' has the code 'Theme > Later', which is not in the codebook" in str(error.value)
    two = project.replace(
        'targetGUID="AAAAAAAA-0000-0000-0000-000000000005"', 'targetGUID="AAAAAAAA-0000-0000-0000-000000000002"'
    )
    path = zipped(tmp_path / "other.qdpx", {"project.qde": two.encode()})
    with pytest.raises(BriefError, match="'Ann' gave the comment 'letters-1' two codes of stance"):
        refi_qda.read(path, codebook)


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
    assert list(read.loc[2, ["comment_id", "themes", "codebook_version", "coded_at", "note"]]) == [
        "a-1",
        "cost; mixed",
        "2",
        "2021-03-02",
        "7",
    ]


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
