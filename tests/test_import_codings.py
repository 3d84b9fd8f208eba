"""`brief import-codings` and `brief export-codings`: what goes out comes in as it was, and only what fits comes in."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from brief.cli import main
from brief.coding import exchange, sampling
from brief.coding import transfer as files
from brief.coding.keeping import coded_by
from brief.contract.formats import formats_in
from brief.contract.text_files import write_csv
from brief.data.loading import check_data, load
from brief.errors import BriefError

ARTICLE = "the-gazette-2021-03-01"
ENDINGS = tuple(formats_in(exchange.__name__))
Project = Callable[..., Path]


def take_in(root: Path, path: Path, coder: str, user: str | None = None, replace: bool = False, **keys: Any) -> int:
    described = {"id": coder, "name": "N", "kind": "", "blind": False, "independent": False, "how": "By hand."}
    return files.take_in(root, path, {**described, **keys}, user, replace).readings


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
    assert list(described[["kind", "blind", "independent", "how"]]) == ["person", True, True, "From a sheet."]
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
    assert list(described) == ["second", "rules", True, None, "Taken in from out.qdpx.", ""]
    result = CliRunner().invoke(main, ["import-codings", "out.qdpx", "--coder", "ann", "--kind", "rules"])
    assert result.exit_code == 1 and "    -> " in result.stderr
