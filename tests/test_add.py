"""`brief add`: what is recognised on a copied page, and how it is stored, word for word and all or nothing.

A page is a text file in `tests/cases/pages`; beside it stands what is recognised, as JSON. In `bad` stand those that
are refused, with the message. An expectation that is missing is written, and the test fails.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from brief.contract import files as contract_files
from brief.contract import inputs, tables
from brief.contract.journal import WORK
from brief.contract.text_files import read_text
from brief.data import ledger
from brief.data.brief import Brief
from brief.data.loading import load
from brief.errors import BriefError
from brief.store import adding, preview, sources, withdrawing
from brief.store import changes as store
from brief.store.sources import copied_page
from conftest import CASES

PAGES = CASES / "pages"
GAZETTE = {"publisher": "The Gazette", "published": "2021-03-01"}
REPLACE = {"replace": True}
ARTICLE = "the-gazette-2021-03-01"
Project = Callable[..., Path]

PAGE = """Trains to stop at Mill Lane

From May, trains stop at Mill Lane.

The mayor “welcomes” it.


At last!

I live there — too loud.

Too loud for me too.

View All Comments
Back to top ↑
"""


def compare(found: str, expected: Path) -> None:
    if not expected.is_file():
        expected.write_text(found, encoding="utf-8")
        pytest.fail(f"{expected.name} was missing and is written now: read it, then keep it")
    assert found == expected.read_text(encoding="utf-8")


def words(texts: tuple[str, ...]) -> list[str]:
    return " ".join(texts).split()


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.txt")), ids=lambda path: path.stem)
def test_a_page_is_recognised(path: Path) -> None:
    page = copied_page.parse(read_text(path, path.name), path.name)
    compare(json.dumps(dataclasses.asdict(page), ensure_ascii=False, indent=1) + "\n", path.with_suffix(".json"))


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.txt")), ids=lambda path: path.stem)
def test_every_word_of_a_page_survives_once_and_in_order(path: Path) -> None:
    page = copied_page.parse(read_text(path, path.name), path.name)
    kept = (page.headline, *page.paragraphs, *page.blocks, *page.footer)
    assert words(kept) == path.read_bytes().decode("utf-8-sig").split()


@pytest.mark.parametrize("path", sorted((PAGES / "bad").glob("*.txt")), ids=lambda path: path.stem)
def test_what_is_no_page_is_refused_with_what_to_do(path: Path) -> None:
    with pytest.raises(BriefError) as error:
        sources.read(path, {})
    compare(f"{error.value}\n", path.with_suffix(".expected"))


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.txt")), ids=lambda path: path.stem)
def test_a_page_is_stored_and_read_back_verbatim(project: Project, path: Path) -> None:
    root = project("base")
    page = copied_page.parse(read_text(path, path.name), path.name)
    name = adding.add(root, path, {"publisher": "Another Paper", "published": "2021-03-02"}).article_id
    brief = load(root)
    assert name == "another-paper-2021-03-02"
    article = brief.articles[-1]
    assert (article.article_id, article.title, article.paragraphs) == (name, page.headline, page.paragraphs)
    assert article.retrieved is None, "nobody said when the page was copied"
    assert texts(brief, name) == list(page.blocks)
    if page.blocks:
        assert brief.collections[-1].more_exist is (True if re.search(r"\d", page.more_evidence) else None)
        assert brief.collections[-1].more_evidence == page.more_evidence


def texts(brief: Brief, collection_id: str) -> list[str]:
    return [
        text
        for batch in brief.comments()
        for owner, text in zip(batch["collection_id"], batch["text"], strict=True)
        if owner == collection_id
    ]


def ids(brief: Brief, collection_id: str = ARTICLE) -> dict[str, str]:
    found: dict[str, str] = {}
    for batch in brief.comments():
        own = batch[batch["collection_id"] == collection_id]
        found |= dict(zip(own["text"], own["comment_id"], strict=True))
    return found


def page_file(tmp_path: Path, text: str = PAGE) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(text, encoding="utf-8")
    return path


def read(text: str, comments_from: str = "", *merge: tuple[int, int]) -> copied_page.CopiedPage:
    return copied_page.parse(text, "page.txt", comments_from, merge)


# Overriding the guesses ----------------------------------------------------------------------------------------------


def test_where_comments_begin_can_be_said() -> None:
    page = read(PAGE, "The mayor")
    assert len(page.paragraphs) == 1 and page.blocks[:2] == ("The mayor “welcomes” it.", "At last!")
    assert "at the words given" in page.guesses[0]
    assert read(PAGE.replace("\n\n\n", "\n\n"), "At last").blocks == read(PAGE).blocks
    for words_given in ("at last", "last!", "Nobody"):
        with pytest.raises(BriefError, match="no paragraph begins with"):
            read(PAGE, words_given)
    with pytest.raises(BriefError, match="no paragraph stands before the comments"):
        read(PAGE, "From May")


def test_blocks_can_be_merged() -> None:
    assert read(PAGE, "", (2, 3)).blocks == ("At last!", "I live there — too loud.\n\nToo loud for me too.")
    assert len(read(PAGE, "", (1, 2), (2, 3)).blocks) == 1
    assert read(PAGE, "", (2, 3), (1, 2)).blocks == read(PAGE, "", (1, 3)).blocks
    assert read(PAGE).joined is False and read(PAGE, "", (1, 2)).joined is True
    for wrong in ((3, 2), (0, 1), (3, 4), (2, 2)):
        with pytest.raises(BriefError, match="cannot be merged: there are 3"):
            read(PAGE, "", wrong)


def test_what_was_recognised_is_told_with_what_is_guessed(tmp_path: Path) -> None:
    def told_of(text: str) -> str:
        return preview.preview(sources.read(page_file(tmp_path, text), {}))

    told = told_of(PAGE)
    for part in (
        "Headline: Trains to stop",
        "paragraphs: 2",
        "blocks: 3",
        "3  Too loud for me too.",
        "Footer: View All Comments / Back to top ↑",
        "more comments than it shows: “View All Comments”",
        "--comments-from",
        "--merge",
    ):
        assert part in told
    assert "No comments were found" in told_of("A headline\n\nA paragraph.\n")
    assert "2 gaps" in told_of(PAGE.replace("At last!", "At last!\n\n"))


# Storing -------------------------------------------------------------------------------------------------------------


def test_what_came_in_is_in_the_ledger(project: Project, tmp_path: Path) -> None:
    root = project("base")
    path = page_file(tmp_path)
    name = adding.add(root, path, {"publisher": "The Echo", "published": "2021-03-03"}).article_id
    rows = load(root).ledger
    raw = rows[(rows["event"] == "raw") & (rows["item"] == "page.txt")]
    assert raw["sha256"].to_list() == [hashlib.sha256(path.read_bytes()).hexdigest()]
    items = dict(zip(rows["item"], rows["sha256"], strict=True))
    assert items[f"{name}#p2"] == hashlib.sha256("The mayor “welcomes” it.".encode()).hexdigest()
    assert items[f"{name}-1"] == hashlib.sha256(b"At last!").hexdigest()


def test_the_comments_and_order_of_brief_yml_stay(project: Project, tmp_path: Path) -> None:
    root = project("base")
    before = (root / "data" / "brief.yml").read_text(encoding="utf-8")
    adding.add(root, page_file(tmp_path), {"publisher": "The Echo", "published": "2021-03-03"})
    after = (root / "data" / "brief.yml").read_text(encoding="utf-8")
    assert after.startswith("# An invented topic")
    rest = iter(after.splitlines())
    assert all(line in rest for line in before.splitlines()), "lines were changed or moved"
    assert [article.article_id for article in load(root).articles] == [ARTICLE, "the-echo-2021-03-03"]


def snapshot(root: Path) -> dict[str, bytes]:
    """Every file but the lock and its folder."""
    found = (path for path in root.rglob("*") if path.is_file() and WORK not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in found}


def test_nothing_is_overwritten_unasked(project: Project, tmp_path: Path) -> None:
    root = project("base")
    before = snapshot(root)
    with pytest.raises(BriefError, match="is there already") as error:
        adding.add(root, page_file(tmp_path), GAZETTE)
    assert "--replace" in str(error.value) and "--id" in str(error.value)
    assert snapshot(root) == before


@pytest.mark.parametrize(
    ("origin", "message"),
    [
        ({"publisher": "The Echo", "published": "3 March 2021"}, "'3 March 2021' is not a date"),
        ({"publisher": "The Echo", "published": "2021-02-30"}, "'2021-02-30' is not a date"),
        ({"publisher": "The Echo", "published": "2021-03-05"}, "2021-03-05 is after the edition"),
        ({"publisher": "The Echo", "retrieved": "2021-03-05"}, "2021-03-05 is after the edition"),
        ({"publisher": "The Echo", "url": "echo.example/trains"}, "'echo.example/trains' is not a web address"),
        ({"publisher": "The Echo", "url": "https://..."}, "'https://...' is not a web address"),
        ({"publisher": "The Echo", "url": "javascript:alert(1)"}, r"'javascript:alert\(1\)' is not a web address"),
        ({"publisher": "The Echo", "language": "English"}, "'English' is not a language tag"),
        ({"publisher": "The Echo", "id": "../../escape"}, "'../../escape' is not an identifier"),
        ({"publisher": "The Echo", "id": "Echo"}, "'Echo' is not an identifier"),
        ({"publisher": "The Echo", "id": "nan"}, "'nan' is not an identifier"),
        ({"publisher": "E" * 300}, "is not an identifier"),
    ],
)
def test_a_page_that_would_leave_a_fault_is_not_added(
    project: Project, tmp_path: Path, origin: dict[str, str], message: str
) -> None:
    root = project("base")
    before = snapshot(tmp_path)
    path = page_file(tmp_path)
    with pytest.raises(BriefError, match=message):
        adding.add(root, path, origin)
    path.unlink()
    assert snapshot(tmp_path) == before


def test_nothing_is_half_written_when_writing_fails(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project("base")
    before = snapshot(root)
    path = page_file(tmp_path)

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(store.Changes, "record", fail)
    with pytest.raises(OSError, match="no space"):
        adding.add(root, path, {"publisher": "The Echo", "published": "2021-03-03"})
    assert snapshot(root) == before


@pytest.mark.parametrize("replace", [False, True])
def test_what_was_moved_in_goes_back_when_somebody_interrupts(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replace: bool
) -> None:
    root = project("base")
    (root / "data" / "voices.csv").unlink()
    before = snapshot(root)
    path = page_file(tmp_path, (PAGES / "library.txt").read_text(encoding="utf-8").replace("five", "four"))
    move = Path.replace

    def interrupted(self: Path, target: Path) -> Path:
        if target == root / "data" / "brief.yml" and WORK in self.parts and "former" not in self.parts:
            raise KeyboardInterrupt
        return move(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        origin = GAZETTE if replace else {"publisher": "The Echo", "published": "2021-03-03"}
        adding.add(root, path, origin | ({"replace": True} if replace else {}))
    assert snapshot(root) == before


def test_a_brief_with_faults_takes_nothing_in(project: Project, tmp_path: Path) -> None:
    root = project("base")
    codings = root / "data" / "codings" / "ann.csv"
    codings.write_text(codings.read_text(encoding="utf-8").replace(",for,", ",pro,"), encoding="utf-8")
    before = snapshot(root)
    with pytest.raises(BriefError, match="'pro' is not in the codebook"):
        adding.add(root, page_file(tmp_path), {"publisher": "The Echo"})
    assert snapshot(root) == before


# Replacing -----------------------------------------------------------------------------------------------------------


def test_replacing_keeps_ids_codings_and_what_was_added_by_hand(project: Project, tmp_path: Path) -> None:
    root = project("base")
    comments = root / "data" / "comments" / f"{ARTICLE}.csv"
    rows = contract_files.records(contract_files.read_csv(comments, "x"))
    (root / "data" / "voices.csv").unlink()
    topic = root / "data" / "brief.yml"
    topic.write_text(topic.read_text(encoding="utf-8").replace("unit: comment block\n", "unit: letter\n"), "utf-8")
    text = "Library may close at six\n\nThe hours changed.\n\n\nNew here.\n\n" + "\n\n".join(
        row["text"] for row in reversed(rows)
    )
    path = page_file(tmp_path, text)
    adding.add(root, path, GAZETTE | REPLACE)
    brief = load(root)
    assert brief.articles[0].paragraphs == ("The hours changed.",)
    assert ids(brief) == {"New here.": f"{ARTICLE}-4"} | {row["text"]: row["comment_id"] for row in rows}
    assert texts(brief, ARTICLE)[0] == "New here."
    assert len(brief.codings) == 2
    assert brief.collections[0].unit == "letter"
    assert (brief.collections[0].more_exist, brief.collections[0].more_evidence) == (None, "")


def test_replacing_a_page_by_itself_changes_nothing(project: Project) -> None:
    root = project("base")
    before = snapshot(root)
    path = PAGES / "library.txt"
    origin = GAZETTE | {"url": "https://gazette.example/library", "retrieved": "2021-03-04"}
    adding.add(root, path, origin | REPLACE)
    assert snapshot(root) == before


def test_a_comment_that_is_gone_from_a_page_keeps_its_coding_and_is_not_shown(project: Project, tmp_path: Path) -> None:
    root = project("base")
    (root / "data" / "voices.csv").unlink()
    codings = (root / "data" / "codings" / "ann.csv").read_bytes()
    text = "Library\n\nThe hours changed.\n\n\nNew here.\n"
    assert adding.add(root, page_file(tmp_path, text), GAZETTE | REPLACE).counts == {"new": 1, "gone": 3}
    brief = load(root)
    assert (texts(brief, ARTICLE), brief.gone, len(brief.codings)) == (["New here."], 3, 0)
    assert (root / "data" / "codings" / "ann.csv").read_bytes() == codings


def test_a_withdrawn_comment_does_not_come_back(project: Project) -> None:
    root = project("base")
    path = PAGES / "library.txt"
    withdrawing.withdraw(root, f"{ARTICLE}-2", "asked for")
    adding.add(root, path, GAZETTE | REPLACE)
    brief = load(root)
    assert list(ids(brief).values()) == [f"{ARTICLE}-1", f"{ARTICLE}-3"]
    assert b"Who pays for the light" not in b"".join(snapshot(root / "data" / "comments").values())
    assert ledger.current(brief.ledger)[f"{ARTICLE}-2"][0] == "withdrawal"


def test_the_same_words_twice_are_two_comments(project: Project, tmp_path: Path) -> None:
    root = project("base")
    text = "A headline\n\nA paragraph.\n\n\nYes.\n\nYes.\n"
    echo = {"publisher": "The Echo", "published": "2021-03-03"}
    for replace in (False, True):
        adding.add(root, page_file(tmp_path, text), echo | ({"replace": True} if replace else {}))
        rows = contract_files.read_csv(root / "data" / "comments" / "the-echo-2021-03-03.csv", "x")
        assert rows["comment_id"].to_list() == ["the-echo-2021-03-03-1", "the-echo-2021-03-03-2"]


# More comments from a CSV file ---------------------------------------------------------------------------------------


def csv_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "more.csv"
    path.write_bytes(text.encode("utf-8"))
    return path


def test_comments_of_a_csv_file_are_appended(project: Project, tmp_path: Path) -> None:
    root = project("base")
    before = inputs.data_digest(root)
    path = csv_file(tmp_path, 'text,likes\n=1+1,3\n"one\r\ntwo",\n1e5,0\n')
    assert adding.add(root, path, {"collection": ARTICLE}).counts["new"] == 3
    brief = load(root)
    assert texts(brief, ARTICLE)[3:] == ["=1+1", "one\r\ntwo", "1e5"]
    assert ids(brief)["1e5"] == f"{ARTICLE}-6"
    (batch,) = brief.comments()
    assert batch["likes"].fillna(-1).to_list() == [-1, -1, -1, 3, -1, 0]
    assert batch["position"].to_list() == [1, 2, 3, 4, 5, 6]
    assert f"{ARTICLE}-6" in set(brief.ledger["item"])
    assert brief.digest != before


def test_a_new_collection_belongs_to_a_question_or_an_article(project: Project, tmp_path: Path) -> None:
    root = project("base")
    adding.add(root, csv_file(tmp_path, "text\nYes.\n"), {"collection": "letters", "question": "Should it close?"})
    adding.add(root, csv_file(tmp_path, "text\nNo.\n"), {"collection": "replies", "article": ARTICLE})
    letters, replies = load(root).collections[1:]
    assert (letters.article_id, letters.question, letters.units) == (None, "Should it close?", "comments")
    assert (replies.article_id, replies.question, replies.more_exist) == (ARTICLE, None, None)


def test_a_key_for_pseudonyms_is_made_with_the_first_author(project: Project, tmp_path: Path) -> None:
    root = project("base")
    adding.add(root, csv_file(tmp_path, "text\nYes.\n"), {"collection": "letters"})
    assert load(root).topic.pseudonym_key is None
    adding.add(root, csv_file(tmp_path, "text,author\nNo.,Jo\n"), {"collection": "letters"})
    key = load(root).topic.pseudonym_key
    assert key is not None and len(key) == 32
    adding.add(root, csv_file(tmp_path, "text,author\nNever.,Jo\n"), {"collection": "letters"})
    assert load(root).topic.pseudonym_key == key


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "comment_id,text\na1,Yes.\na1,No.\n",
            "more.csv, row 3, column comment_id: the id 'a1' stands in row 2 already",
        ),
        ("comment_id,parent_id,text\na1,a2,Yes.\na2,a1,No.\n", "'a1' answers 'a2', which in the end answers it"),
        ("number\n1\n2\n", "no column can be taken for the comments' text; there are “number”"),
        ("text\nYes.\nYes, no\n", "more.csv, row 3: the row has 2 cells and the header 1"),
        ("", "the file is empty"),
    ],
)
def test_a_csv_file_with_a_fault_is_not_added(project: Project, tmp_path: Path, text: str, message: str) -> None:
    root = project("base")
    before = snapshot(root)
    with pytest.raises(BriefError) as error:
        adding.add(root, csv_file(tmp_path, text), {"collection": ARTICLE})
    assert message in str(error.value)
    assert snapshot(root) == before


def test_a_withdrawn_comment_does_not_come_back_from_a_csv_file(project: Project, tmp_path: Path) -> None:
    root = project("base")
    withdrawing.withdraw(root, f"{ARTICLE}-3", "asked for")
    counts = adding.add(root, csv_file(tmp_path, "text\nYes.\nNA\n"), {"collection": "letters"}).counts
    assert counts == {"new": 1, "withdrawn": 1}
    assert "NA" not in {text for _, text, _ in load(root).texts()}


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("The Verge 2017-09-20", "the-verge-2017-09-20"),
        ("Süddeutsche Zeitung", "suddeutsche-zeitung"),
        ("20 Minutes!", "a-20-minutes"),
        ("朝日新聞 2016-12-05", "zhao-ri-xin-wen-2016-12-05"),
        ("Правда", "pravda"),
    ],
)
def test_identifiers_are_made_from_names(text: str, identifier: str) -> None:
    assert adding.slug(text) == identifier


def test_names_that_differ_have_identifiers_that_differ_in_any_script() -> None:
    names = ["朝日新聞", "読売新聞", "Правда", "Известия", "الأهرام", "이코노미", "…", "!", "👍", ""]
    identifiers = [adding.slug(name) for name in names]
    assert len(set(identifiers)) == len(names)
    assert all(tables.ID.fullmatch(identifier) for identifier in identifiers)
