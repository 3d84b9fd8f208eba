"""The contract of `data/`: each fault has its message, all are told at once, and what is stored is read verbatim.

A case is a folder in `tests/cases/faults`: files laid over `tests/cases/base`, `remove.txt` with files to take away,
and `expected.txt` with everything that `check_data` says. One that is missing is written, and the test fails.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import topics
from brief.contract import files as contract_files
from brief.contract import inputs, tables, text_files
from brief.data.loading import check_data, load
from brief.errors import BriefError
from brief.findings.findings import Findings
from brief.findings.provenance import BY_HAND, provenance
from conftest import CASES, ROOT

FAULTS = sorted(path.name for path in (CASES / "faults").iterdir())
ARTICLE = "the-gazette-2021-03-01"
COMMENTS = f"data/comments/{ARTICLE}.csv"
Project = Callable[..., Path]
DECISIONS = """about,decision,why,decided_by,decided_on
not-to-be-trusted,for another process,It is about the government.,The council,2026-01-01
refusal,accepted,It is on record.,The council,2026-01-01
"""


def lay_over(root: Path, case: Path) -> Path:
    """Lay a case's files over the base, and take away what it names."""
    removed = case / "remove.txt"
    for name in removed.read_text(encoding="utf-8").split() if removed.is_file() else ():
        (root / name).unlink()
    if (case / "data").is_dir():
        shutil.copytree(case / "data", root / "data", dirs_exist_ok=True)
    return root


def told(root: Path) -> str:
    return "".join(f"{fault}\n" for fault in check_data(root))


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_its_message(project: Project, name: str) -> None:
    said = told(lay_over(project("base"), CASES / "faults" / name))
    expected = CASES / "faults" / name / "expected.txt"
    if not expected.is_file():
        expected.write_text(said, encoding="utf-8")
        pytest.fail(f"{expected.name} was missing and is written now: read it, then keep it")
    assert said == expected.read_text(encoding="utf-8")
    assert said, "a case in tests/cases/faults has a fault"


@pytest.mark.parametrize(
    "name",
    [
        *("coders.yml", "codebook.yml", "claims.csv", "replies.csv", "sources.bib", "options/options.csv"),
        *("options/criteria.csv", "comments/the-verge-2017-09-20.csv", "articles/the-verge-2017-09-20.md"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_once_and_not_by_all_that_name_its_rows(name: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    topics.write(tmp_path / "data" / "decisions.csv", DECISIONS)
    assert check_data(tmp_path) == []
    (tmp_path / "data" / name).write_bytes(b"\xff\xfe")
    assert [fault.file for fault in check_data(tmp_path)] == [f"data/{name}"]


def test_a_fault_stops_the_brief_with_all_messages(project: Project) -> None:
    root = lay_over(project("base"), CASES / "faults" / "several-faults-at-once")
    with pytest.raises(BriefError) as error:
        load(root)
    assert f"{error.value}\n" == told(root)
    assert len({fault.file for fault in error.value.faults}) == 3


def test_every_fault_says_where_and_what_to_do() -> None:
    for name in FAULTS:
        for line in (CASES / "faults" / name / "expected.txt").read_text(encoding="utf-8").splitlines():
            assert line.startswith("data/") or line.startswith("    -> "), f"{name}: {line}"


def test_a_sound_brief_is_whole(project: Project) -> None:
    brief = load(project("base"))
    assert told(brief.root) == ""
    (article,) = brief.articles
    assert article.paragraphs[1] == "Readers were not asked — yet."
    assert (str(article.published), article.author) == ("2021-03-01", None)
    (collection,) = brief.collections
    assert (collection.unit, collection.more_exist) == ("comment block", True)
    assert collection.more_evidence == "View all 12 comments"
    (comments,) = brief.comments()
    assert list(comments.columns) == ["collection_id", *(column.name for column in tables.COMMENTS)]
    assert comments["text"].to_list()[1:] == ['Who pays for the light, "free" or not?', "NA"]
    assert comments["position"].to_list() == [1, 2, 3] and str(comments["likes"].dtype) == "Int64"
    assert comments["author"].to_list() == ["", "", ""]
    assert brief.codings["stance"].to_list() == ["for", "against"]
    assert set(brief.codings["coder_id"]) == {"ann"}


def test_optional_files_may_be_missing(project: Project) -> None:
    root = project("base")
    for name in ("voices.csv", "ledger.csv", "codings/ann.csv"):
        (root / "data" / name).unlink()
    brief = load(root)
    assert brief.voices.empty and brief.ledger.empty and brief.codings.empty
    assert set(provenance(Findings(brief))["how"]) == {BY_HAND}
    (root / "data" / "codebook.yml").unlink()
    assert load(root).codebook is None


def test_a_brief_without_articles_and_comments_is_sound(project: Project) -> None:
    root = project("base")
    for folder in ("articles", "comments", "codings"):
        shutil.rmtree(root / "data" / folder)
    for name in ("voices.csv", "ledger.csv"):
        (root / "data" / name).unlink()
    topic = root / "data" / "brief.yml"
    topic.write_text(topic.read_text(encoding="utf-8").split("articles:")[0], encoding="utf-8")
    brief = load(root)
    assert list(brief.comments()) == [] and brief.articles == ()


def test_a_comment_that_nobody_coded_is_no_fault(project: Project) -> None:
    brief = load(project("base"))
    (comments,) = brief.comments()
    assert set(comments["comment_id"]) - set(brief.codings["comment_id"]) == {f"{ARTICLE}-3"}


HOSTILE = (
    "NA",
    "None",
    "null",
    "1e5",
    "007",
    "=1+1",
    "  led and trailed by spaces  ",
    "two\r\nlines",
    "a lone\rcarriage return",
    "\ttab",
    'quotes " and "" and \'',
    "<script>alert(1)</script>{eval}`1`{{ x }} $x$",
    "```{code-cell}\n1\n```",
    "\u202eright to left\u202c",
    "\ufeffa mark within",
    "e\u0301 and é, ﬁ, 👩‍👩‍👧, \u2028, \x85",
    "x" * 100_000,
    "---",
)


def test_hostile_text_is_stored_and_read_verbatim(project: Project) -> None:
    root = project("base")
    rows = [{"comment_id": f"hostile-{n}", "author": text, "text": text} for n, text in enumerate(HOSTILE, start=1)]
    written = text_files.write_csv(rows, ["comment_id", "author", "text"])
    (root / "data" / "comments" / "hostile.csv").write_bytes(written.encode("utf-8"))
    with (root / "data" / "brief.yml").open("a", encoding="utf-8") as topic:
        topic.write("- id: hostile\n  question: What may a comment hold?\n")
    for batch_rows in (1, 4, 50_000):
        read = pd.concat(load(root).comments(batch_rows))
        read = read[read["collection_id"] == "hostile"]
        assert tuple(read["text"]) == HOSTILE
        assert tuple(read["author"]) == HOSTILE


def test_a_mark_of_byte_order_and_line_ends_of_windows_are_accepted(project: Project) -> None:
    root = project("base")
    for name in (COMMENTS, "data/codings/ann.csv", f"data/articles/{ARTICLE}.md", "data/brief.yml"):
        path = root / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    brief = load(root)
    assert brief.articles[0].paragraphs[1] == "Readers were not asked — yet."
    assert next(brief.comments())["text"].to_list()[0] == "I work until six. When should I come?"


def test_batches_do_not_change_what_is_read(project: Project) -> None:
    brief = load(project("base"))
    (whole,) = brief.comments()
    batches = list(brief.comments(batch_rows=2))
    assert [len(batch) for batch in batches] == [2, 1]
    pd.testing.assert_frame_equal(pd.concat(batches, ignore_index=True), whole)


def test_a_file_is_read_as_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(b"comment_id,text\na-1,one\na-2,two\na-3,\xff\n")
    batches = contract_files.csv_batches(path, "long.csv", 1)
    assert next(batches)[0]["text"].to_list() == ["one"]
    assert next(batches)[0]["text"].to_list() == ["two"]
    with pytest.raises(BriefError, match="row 4: the byte 0xff"):
        next(batches)


def test_pieces_of_a_paragraph_may_meet_without_a_space(project: Project) -> None:
    root = project("base")
    voices = root / "data" / "voices.csv"
    text = voices.read_text(encoding="utf-8")
    cut = f"{ARTICLE},2,1,paper,ann,Readers were not ask,\n{ARTICLE},2,2,paper,ann,ed — yet.,\n"
    voices.write_text(text.split(f"{ARTICLE},2,1")[0] + cut, encoding="utf-8")
    assert told(root) == ""


def test_a_text_that_gives_ids_for_numbers_is_told(project: Project) -> None:
    for name in ("comment-1", "a", "a1-b2-3"):
        assert tables.ID.fullmatch(name)
    for name in ("1", "1e5", "nan", "inf", "A", "a--b", "-a", "a-", "a b", "a/b", "..", "", "é", "a\n", "a" * 121):
        assert not tables.ID.fullmatch(name), name


def test_the_dictionary_has_every_column_with_a_description() -> None:
    dictionary = tables.dictionary()
    assert list(dictionary.columns) == ["file", "column", "required", "kind", "description"]
    assert not dictionary.duplicated(["file", "column"]).any()
    assert dictionary["description"].str.endswith(".").all()
    assert set(dictionary["required"]) == {"yes", "no"}
    assert "one of: published, withdrawn, gone" in set(dictionary["kind"])


def test_the_digest_follows_names_and_bytes_and_nothing_else(project: Project) -> None:
    root = project("base")
    before = inputs.data_digest(root)
    assert load(root).digest == before
    (root / "data" / ".hidden").write_text("x", encoding="utf-8")
    (root / "data" / "comments" / "x.csv~").write_text("x", encoding="utf-8")
    assert inputs.data_digest(root) == before
    notes = root / "data" / "notes.txt"
    notes.write_text("one", encoding="utf-8")
    with_notes = inputs.data_digest(root)
    notes.rename(root / "data" / "notices.txt")
    assert len({before, with_notes, inputs.data_digest(root)}) == 3
    (root / "data" / "notices.txt").unlink()
    assert inputs.data_digest(root) == before


def test_importing_the_package_imports_no_tables() -> None:
    code = "import brief, brief.cli, sys; print([m for m in ('pandas', 'altair') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_comments_in_parquet_are_read_or_the_package_is_named(project: Project) -> None:
    root = project("base")
    path = root / COMMENTS
    rows = contract_files.read_csv(path, COMMENTS)
    parquet = path.with_suffix(".parquet")
    parquet.write_bytes(b"PAR1")
    assert "there is a CSV file of the same name" in told(root)
    path.unlink()
    if importlib.util.find_spec("pyarrow") is None:
        faults = [fault for fault in check_data(root) if fault.file.endswith(".parquet")]
        assert [fault.remedy for fault in faults] == ["Install it: pip install -e '.[parquet]'."]
        return
    rows.assign(position=pd.Series([1, 2, None], rows.index), likes=pd.Series([3, None, 0], rows.index)).to_parquet(
        parquet
    )
    (read,) = load(root).comments()
    assert read["text"].to_list() == rows["text"].to_list()
    assert read["likes"].fillna(-1).to_list() == [3, -1, 0]
