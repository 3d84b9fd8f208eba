"""Undoing `brief add`: what was added goes out whole, and nothing that a maintainer wrote is lost by it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from brief.cli import main
from brief.contract import files as contract_files
from brief.contract import inputs
from brief.data.loading import check_data, load
from brief.errors import BriefError
from brief.store import adding, withdrawing
from brief.store.removing import remove
from conftest import CASES

Project = Callable[..., Path]
ARTICLE = "the-gazette-2021-03-01"
ECHO = {"publisher": "The Echo", "published": "2021-03-02"}
LETTERS = {"collection": "letters", "question": "Should it close?"}


def data(root: Path) -> dict[str, bytes]:
    """The files of the data, without the ledger, which keeps everything, and its seal."""
    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in inputs.files(root / "data")}
    topic = found["data/brief.yml"].splitlines()
    found["data/brief.yml"] = b"\n".join(line for line in topic if not line.startswith(b"ledger: "))
    return {name: content for name, content in found.items() if name != "data/ledger.csv"}


def letters(root: Path, text: str = "comment_id,text\nc1,Close it.\nc2,Leave it.\n") -> Path:
    path = root / "letters.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_article_goes_out_with_its_comments_and_may_come_in_again(project: Project) -> None:
    root = project("base")
    before = data(root)
    name = adding.add(root, CASES / "pages" / "library.txt", ECHO).article_id
    after = data(root)
    removed = remove(root, name, "the wrong page")
    assert (removed.articles, removed.collections, removed.comments, removed.codings) == ((name,), (name,), 3, 0)
    assert data(root) == before and not check_data(root)
    assert "removal" in set(load(root).ledger["event"])
    adding.add(root, CASES / "pages" / "library.txt", ECHO)
    assert data(root) == after and not check_data(root)


def test_a_collection_goes_out_alone(project: Project) -> None:
    root = project("base")
    before = data(root)
    adding.add(root, letters(root), LETTERS)
    remove(root, "letters", "added twice")
    assert data(root) == before and not check_data(root)


def test_codings_go_only_where_that_is_said(project: Project) -> None:
    root = project("base")
    before = data(root)
    adding.add(root, letters(root), LETTERS)
    codings = root / "data/codings/ann.csv"
    row = codings.read_text(encoding="utf-8").splitlines()[1]
    with codings.open("a", encoding="utf-8") as file:
        file.write(f"c1,{row.partition(',')[2]}\n")
    with pytest.raises(BriefError, match="are coded: 1 codings would go with them"):
        remove(root, "letters", "added twice")
    assert remove(root, "letters", "added twice", with_codings=True).codings == 1
    assert data(root) == before


def test_a_sample_that_was_drawn_from_it_goes_along_and_is_told(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project("base")
    monkeypatch.chdir(root)
    adding.add(root, letters(root), LETTERS)
    run = CliRunner().invoke
    before = data(root)
    kept = run(main, ["sample", "-n", "1", "--seed", "1"]), run(main, ["sample", "-n", "5", "--seed", "2"])
    assert [ended.exit_code for ended in kept] == [0, 0], kept[0].output
    drawn = sorted(path.name for path in (root / "data/samples").iterdir())
    refused = run(main, ["remove", "letters", "--note", "why"])
    assert refused.exit_code == 1 and "were drawn for a coder: data/samples/" in refused.stderr
    assert "Give --with-codings if that may; then draw anew: brief sample -n NUMBER." in refused.stderr
    ended = run(main, ["remove", "letters", "--note", "why", "--with-codings"])
    assert ended.exit_code == 0, ended.output
    left = [path.name for path in (root / "data/samples").iterdir()]
    assert not check_data(root) and len(left) < len(drawn)
    assert all(f"data/samples/{name}" in ended.output for name in set(drawn) - set(left))
    assert "data/comments/letters.csv" in before and "data/comments/letters.csv" not in data(root)


def test_what_others_refer_to_stays_with_every_reference_told(project: Project) -> None:
    root = project("base")
    before = data(root)
    with pytest.raises(BriefError) as error:
        remove(root, ARTICLE, "the wrong page", with_codings=True)
    assert "data/voices.csv" in str(error.value)
    assert data(root) == before


def test_a_withdrawn_comment_does_not_come_back_with_its_file(project: Project) -> None:
    root = project("base")
    adding.add(root, letters(root), LETTERS)
    withdrawing.withdraw(root, "c1", "asked for")
    remove(root, "letters", "to be taken in anew")
    assert adding.add(root, letters(root), LETTERS).counts == {"new": 1, "withdrawn": 1}
    stored = contract_files.read_csv(root / "data/comments/letters.csv", "letters.csv")
    assert stored["text"].to_list() == ["Leave it."]


def test_the_command_tells_what_went_out_and_what_there_is(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project("base")
    monkeypatch.chdir(root)
    adding.add(root, letters(root), LETTERS)
    run = CliRunner().invoke
    told = run(main, ["remove", "lettres", "--note", "why"])
    assert told.exit_code == 1 and f"Name one of these: {ARTICLE}, letters." in told.output
    told = run(main, ["remove", "letters", "--note", "why"])
    assert told.exit_code == 0 and "Taken out: letters; comments 2, codings 0." in told.output
