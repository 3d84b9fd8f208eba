"""Sources: the surest module reads a file, what nobody knows is refused, and a dry run writes nothing of any kind.

A file of `tests/cases/sources/recognised/MODULE` is read by that module. Beside it stand `FILE.expected.csv`, the
columns and rows that its comments must have, and `FILE.told.txt`, lines that the preview must tell, if any. A file of
`refused/MODULE` is recognised by that module and refused; `FILE.expected.txt` is the message. What is missing is
written by the first run, which fails: read it, then keep it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from brief.cli import main
from brief.contract import files as contract_files
from brief.contract import inputs, text_files
from brief.errors import BriefError
from brief.store import adding, markup, sources, unseen
from conftest import CASES

Project = Callable[..., Path]
SOURCES = CASES / "sources"
EXPECTED = (".expected.csv", ".told.txt", ".expected.txt")


def cases(folder: str) -> list[Path]:
    """The files of a folder of modules, without what is expected of them and without votes, which lie beside others.

    Those with expectations in YAML are pages, which `test_pages_of_others` reads.
    """
    files = sorted(path for path in (SOURCES / folder).glob("*/*") if not path.name.endswith(EXPECTED))
    files = [path for path in files if not path.with_suffix(".expected.yml").is_file() and path.suffix != ".yml"]
    return [path for path in files if folder == "refused" or not path.name.endswith("votes.csv")]


def needs_pyarrow(path: Path) -> None:
    if path.suffix == ".parquet":
        pytest.importorskip("pyarrow")


def snapshot(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in inputs.files(root / "data")}


def same_as_kept(path: Path, text: str) -> None:
    """Compare with the file that is kept, which is written where it is missing."""
    if not path.is_file():
        path.write_bytes(text.encode("utf-8"))
        pytest.fail(f"{path.relative_to(SOURCES)} was missing and is written now: read it")
    assert text == path.read_bytes().decode("utf-8")


@pytest.mark.parametrize("name", sorted(sources.modules()))
def test_each_source_has_its_parts(name: str) -> None:
    """Found by walking the folder: a new module is here by itself."""
    module = sources.modules()[name]
    assert module.NAME and isinstance(module.ANSWERS, tuple)
    assert set(module.ANSWERS) <= {parameter.name for parameter in main.commands["add"].params}
    assert module.recognises(Path("picture.png"), b"\x89PNG\r\n") == sources.NOT_MINE
    assert any((SOURCES / "recognised" / name).iterdir()), (
        f"put a file of this kind into {SOURCES.name}/recognised/{name}"
    )


@pytest.mark.parametrize("path", cases("recognised"), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_is_recognised_and_read(path: Path) -> None:
    needs_pyarrow(path)
    module, likeness = sources.recognise(path)
    assert module is sources.modules()[path.parent.name] and 0 < likeness.sure <= 1 and likeness.why
    found = sources.read(path, {})
    assert found.how and "text" in found.comments.columns
    columns = list(map(str, found.comments.columns))
    same_as_kept(
        Path(f"{path}.expected.csv"), text_files.write_csv(contract_files.records(found.comments.frame()), columns)
    )
    told = "".join(f"{line}\n" for line in (*found.messages, *found.guesses))
    if told or Path(f"{path}.told.txt").is_file():
        same_as_kept(Path(f"{path}.told.txt"), told)


@pytest.mark.parametrize("path", cases("refused"), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_with_nothing_to_take_is_refused_with_the_reason(path: Path) -> None:
    needs_pyarrow(path)
    with pytest.raises(BriefError) as error:
        sources.read(path, {})
        pytest.fail(f"it was read as {sources.read(path, {}).source}")
    assert sources.recognise(path)[0] is sources.modules()[path.parent.name]
    same_as_kept(Path(f"{path}.expected.txt"), f"{error.value}\n")


@pytest.mark.parametrize("path", sorted((SOURCES / "unknown").iterdir()), ids=lambda path: path.name)
def test_what_nobody_recognises_is_refused_with_what_was_seen_and_what_can_be_read(path: Path) -> None:
    with pytest.raises(BriefError, match="this kind of file is not known here: it ") as error:
        sources.read(path, {})
    assert all(module.NAME in str(error.value) for module in sources.modules().values())


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("archive.zip", "a ZIP archive that holds comments.csv; unpack it first"),
        ("letter.docx", "it is a Word file"),
        ("old.xls", "it is a file of an old Office"),
        ("report.pdf", "it is a PDF"),
        ("picture.png", "it is a picture"),
        ("binary.txt", "it is a picture"),
        ("feed.xml", "it is XML or HTML that begins with"),
    ],
)
def test_what_was_seen_in_an_unknown_file_is_told(file: str, words: str) -> None:
    with pytest.raises(BriefError, match=words):
        sources.read(SOURCES / "unknown" / file, {})


@pytest.mark.parametrize(("name", "content"), [("a.csv", b""), ("a.json", b" \n\n"), ("a", b"\xef\xbb\xbf")])
def test_an_empty_file_is_told_to_be_empty(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BriefError, match="the file is empty"):
        sources.read(path, {})


#: A table of a few rows in words of its own may need the ending of its name: of text its rows alone say too little.
TOLD_BY_CONTENT = [
    path for path in cases("recognised") if (path.parent.name, path.suffix) != ("delimited_table", ".csv")
]


@pytest.mark.parametrize("path", TOLD_BY_CONTENT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_is_recognised_under_any_name(path: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "download"
    renamed.write_bytes(path.read_bytes())
    assert sources.recognise(renamed)[0] is sources.modules()[path.parent.name]


def test_a_dry_run_writes_nothing_whatever_the_kind(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project("base")
    monkeypatch.chdir(root)
    before = snapshot(root)
    for path in {path.parent: path for path in cases("recognised") if path.suffix != ".parquet"}.values():
        told = CliRunner().invoke(main, ["add", str(path), "--dry-run", "--collection", "tried"])
        if "--collection does not apply" in told.output:
            told = CliRunner().invoke(main, ["add", str(path), "--publisher", "P", "--dry-run"])
        assert told.exit_code == 0 and "dry run" in told.output, told.output
        assert snapshot(root) == before


def test_each_kind_is_stored_and_a_second_time_nothing_changes(project: Project) -> None:
    root = project("base")
    for number, path in enumerate({path.parent: path for path in cases("recognised")}.values()):
        if path.parent.name in ("copied_page", "parquet"):
            continue
        answers = {"collection": f"tried-{number}"}
        assert adding.add(root, path, answers).counts["new"] > 0
        assert adding.add(root, path, answers).changes_nothing, path


def test_an_export_of_empty_texts_is_refused(project: Project) -> None:
    with pytest.raises(BriefError, match="the file holds no comment with a text"):
        adding.add(project("base"), SOURCES / "no-text" / "empty-texts.json", {"collection": "tried"})


@pytest.mark.parametrize(
    ("file", "option"),
    [
        ("delimited_table/dry-run.csv", ("--merge", "1-2")),
        ("delimited_table/dry-run.csv", ("--publisher", "The Gazette")),
        ("copied_page/library.txt", ("--question", "Should it?")),
    ],
)
def test_an_option_that_does_not_apply_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch, file: str, option: tuple[str, str]
) -> None:
    root = project("base")
    monkeypatch.chdir(root)
    before = snapshot(root)
    told = CliRunner().invoke(main, ["add", str(SOURCES / "recognised" / file), *option])
    assert told.exit_code == 1 and f"{option[0]} does not apply" in told.output
    assert snapshot(root) == before


def test_any_column_can_be_named_as_the_text_also_by_its_first_words() -> None:
    path = SOURCES / "recognised" / "delimited_table" / "prefixed-questions.csv"
    found = sources.read(path, {"map": ("text=Plan 2 Q2",)})
    assert found.comments.frame()["text"].iloc[0] == "It only moves the cars to the next street"
    with pytest.raises(BriefError, match="there is no column “Plan”"):
        sources.read(path, {"map": ("text=Plan",)})


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("no markup, a < b & c", "no markup, a < b & c"),
        ("<p>One.</p><p>Two.<br>Three.</p>", "One.\n\nTwo.\nThree."),
        ("<p>One\nline.</p>", "One line."),
        ("First.\n\nSecond <em>here</em>.", "First.\n\nSecond here."),
        ('see <a href="https://a.example/plan">the plan</a>', "see the plan (https://a.example/plan)"),
        ('<a href="https://a.example/">a.example</a>', "a.example"),
        ('<a href="https://a.example/long/way">https://a.example/lo...</a>', "https://a.example/long/way"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ("<script>alert(1)</script>kept<style>p {}</style>", "kept"),
        ("the <lane> is </lane> mine", "the <lane> is </lane> mine"),
        ("&lt;b&gt; stays words &amp;amp;", "<b> stays words &amp;"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ('<img src=x onerror=alert(1) alt="a heart"> it', "a heart it"),
        ("<p>not closed <b>at all", "not closed at all"),
        ("I <3 it", "I <3 it"),
        ("<p>Use <script> and <!-- and <b", "Use <script> and <!-- and <b"),
        ("<p>One.</p><!-- hidden -->Two.", "One.\n\nTwo."),
        ("<!--" * 9_000, ("<!--" * 9_000)),
        ("<blockquote><p>They said.</p></blockquote><p>I say.</p>", "They said.\n\nI say."),
    ],
)
def test_html_becomes_plain_text_and_loses_no_word(html: str, text: str) -> None:
    assert markup.plain(html) == text


def test_signs_that_no_page_can_show_are_taken_out() -> None:
    assert unseen.clean("a\r\nb\x0bc\x07d\ud800") == "a\nb\ncd"


def test_what_is_expected_of_a_file_is_beside_a_file() -> None:
    """An expectation whose file is gone tests nothing."""
    for folder in ("recognised", "refused"):
        for path in (SOURCES / folder).glob("*/*"):
            ending = next((ending for ending in EXPECTED if path.name.endswith(ending)), "")
            assert not ending or path.with_name(path.name.removesuffix(ending)).is_file(), path
    table = SOURCES / "recognised" / "delimited_table" / "dry-run.csv.expected.csv"
    assert next(csv.reader(io.StringIO(table.read_text(encoding="utf-8")))) == ["text", "author"]
