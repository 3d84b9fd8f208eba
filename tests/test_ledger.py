"""The ledger: a text that is not the one that came in is a fault until the edit is recorded; withdrawing empties it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from brief.contract import files as contract_files
from brief.data import keys, ledger
from brief.data.loading import check_data, load
from brief.errors import BriefError
from brief.findings.findings import Findings
from brief.findings.provenance import BY_HAND, provenance
from brief.store import adding, keying, preview, sources, withdrawing
from brief.store import changes as store

ARTICLE = "the-gazette-2021-03-01"
FIRST = f"{ARTICLE}-1"
Project = Callable[..., Path]


def change(root: Path, file: str, old: str, new: str) -> None:
    path = root / "data" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def faults(root: Path) -> list[str]:
    return [fault.what for fault in check_data(root)]


def events(root: Path, item: str) -> list[tuple[str, str]]:
    return [(row["event"], row["note"]) for row in rows(root) if row["item"] == item]


def rows(root: Path) -> list[dict[str, str]]:
    return contract_files.records(contract_files.read_csv(root / ledger.FILE, ledger.FILE))


def how(root: Path) -> dict[str, str]:
    return dict(provenance(Findings(load(root))).itertuples(index=False, name=None))


def test_an_edited_comment_is_a_fault_until_the_edit_is_recorded(project: Project) -> None:
    root = project("base")
    change(root, f"comments/{ARTICLE}.csv", "until six", "until nine")
    assert faults(root) == [f"the text of '{FIRST}' is not the one that came in"]
    store.record_edit(root, FIRST, "the page was corrected")
    assert faults(root) == []
    assert events(root, FIRST) == [("comment", ""), ("edit", "the page was corrected")]
    assert how(root)[FIRST] == "edited since it came in, and recorded"
    change(root, f"comments/{ARTICLE}.csv", "until nine", "until ten")
    assert faults(root) == [f"the text of '{FIRST}' is not the one that came in"]


def test_putting_the_text_back_is_the_other_remedy(project: Project) -> None:
    root = project("base")
    change(root, f"comments/{ARTICLE}.csv", "until six", "until nine")
    change(root, f"comments/{ARTICLE}.csv", "until nine", "until six")
    assert faults(root) == []


@pytest.mark.parametrize("item", [f"{ARTICLE}#p2", ARTICLE])
def test_an_edited_paragraph_is_recorded_by_itself_or_with_its_article(project: Project, item: str) -> None:
    root = project("base")
    change(root, f"articles/{ARTICLE}.md", "not asked", "never asked")
    change(root, "voices.csv", "not asked", "never asked")
    assert faults(root) == [f"paragraph 2: the text of '{ARTICLE}#p2' is not the one that came in"]
    store.record_edit(root, item, "as in print")
    assert faults(root) == []
    assert events(root, f"{ARTICLE}#p1") == [("article", "")]
    assert events(root, f"{ARTICLE}#p2") == [("article", ""), ("edit", "as in print")]


@pytest.mark.parametrize("item", [f"{ARTICLE}#p2", ARTICLE])
def test_a_paragraph_taken_out_is_a_fault_until_that_is_recorded(project: Project, item: str) -> None:
    root = project("base")
    (root / "data" / "voices.csv").unlink()
    change(root, f"articles/{ARTICLE}.md", "\n\nReaders were not asked — yet.\n", "\n")
    assert faults(root) == [f"the paragraph '{ARTICLE}#p2' that came in is no longer there"]
    store.record_edit(root, item, "it was a caption")
    assert faults(root) == []
    change(root, f"articles/{ARTICLE}.md", "member said.", "member said.\n\nReaders were not asked — yet.")
    assert faults(root) == [f"paragraph 2: the text of '{ARTICLE}#p2' is not the one that came in"]


def test_there_must_be_something_to_record(project: Project) -> None:
    root = project("base")
    before = (root / ledger.FILE).read_bytes()
    for item, message in (
        ("nowhere-1", "there is no text 'nowhere-1'"),
        (f"{ARTICLE}#p3", "there is no text"),
        (FIRST, "nothing is to be recorded"),
        (ARTICLE, "nothing is to be recorded"),
    ):
        with pytest.raises(BriefError, match=message):
            store.record_edit(root, item, "why")
    assert (root / ledger.FILE).read_bytes() == before


def test_an_edit_is_recorded_in_spite_of_other_faults_and_makes_none(project: Project) -> None:
    root = project("base")
    change(root, f"comments/{ARTICLE}.csv", "until six", "until nine")
    change(root, "codings/ann.csv", ",for,", ",pro,")
    store.record_edit(root, FIRST, "corrected")
    assert faults(root) == ["'pro' is not in the codebook"]


def test_a_row_added_by_hand_is_accepted_and_told(project: Project) -> None:
    root = project("base")
    with (root / "data" / "comments" / f"{ARTICLE}.csv").open("a", encoding="utf-8") as comments:
        comments.write(f"{ARTICLE}-9,9,,By hand.\n")
    change(root, f"articles/{ARTICLE}.md", "— yet.", "— yet.\n\nA paragraph by hand.")
    (root / "data" / "voices.csv").unlink()
    assert faults(root) == []
    told = how(root)
    assert told[f"{ARTICLE}-9"] == told[f"{ARTICLE}#p3"] == BY_HAND
    assert told[FIRST] == told[f"{ARTICLE}#p1"] == "recorded as it came in"


def test_a_withdrawn_comment_leaves_nothing_of_its_author(project: Project) -> None:
    root = project("base")
    comments = root / "data" / "comments" / f"{ARTICLE}.csv"
    comments.write_text(
        "comment_id,position,author,likes,attr_town,text\n"
        f"{FIRST},1,Jo,4,Mill Lane,I work until six. When should I come?\n"
        f'{ARTICLE}-2,2,,,,"Who pays for the light, ""free"" or not?"\n'
        f"{ARTICLE}-3,3,Ann,1,,NA\n",
        encoding="utf-8",
    )
    assert withdrawing.withdraw(root, FIRST, "asked for by its author") == []
    stored = comments.read_text(encoding="utf-8")
    for words in ("until six", "Jo", "Mill Lane"):
        assert words not in stored
    assert stored.splitlines()[1] == f"{FIRST},1,,,withdrawn,,"
    assert stored.splitlines()[3] == f"{ARTICLE}-3,3,Ann,1,,,NA"
    assert events(root, FIRST)[-1] == ("withdrawal", "asked for by its author")
    brief = load(root)
    (batch,) = brief.comments()
    assert batch["comment_id"].to_list() == [f"{ARTICLE}-2", f"{ARTICLE}-3"]
    assert brief.codings["comment_id"].to_list() == [f"{ARTICLE}-2"], "its coding stays in the file and is not read"
    assert FIRST not in how(root)


def test_withdrawing_tells_where_the_words_are_quoted(project: Project) -> None:
    assert withdrawing.withdraw(project("base"), f"{ARTICLE}-2", "asked for") == [
        "data/codebook.yml, cost: words of its text"
    ]


def test_only_a_comment_that_is_there_can_be_withdrawn_and_only_once(project: Project) -> None:
    root = project("base")
    with pytest.raises(BriefError, match="there is no comment 'nowhere-1'"):
        withdrawing.withdraw(root, "nowhere-1", "why")
    withdrawing.withdraw(root, FIRST, "asked for")
    with pytest.raises(BriefError, match="is withdrawn already"):
        withdrawing.withdraw(root, FIRST, "again")
    with pytest.raises(BriefError, match=f"there is no text '{FIRST}'"):
        store.record_edit(root, FIRST, "why")


def test_an_older_file_does_not_bring_a_withdrawn_text_back(project: Project) -> None:
    root = project("base")
    comments = root / "data" / "comments" / f"{ARTICLE}.csv"
    older = comments.read_bytes()
    withdrawing.withdraw(root, FIRST, "asked for")
    comments.write_bytes(older)
    assert faults(root) == [f"the comment '{FIRST}' was withdrawn and its text is here again"]
    store.record_edit(root, FIRST, "its author agreed after all")
    assert faults(root) == []
    assert len(next(load(root).comments())) == 3


def test_rows_that_answer_a_withdrawn_comment_stay(project: Project) -> None:
    root = project("base")
    comments = root / "data" / "comments" / f"{ARTICLE}.csv"
    with comments.open("a", encoding="utf-8") as file:
        file.write(f"{ARTICLE}-9,9,,An answer.\n")
    text = comments.read_text(encoding="utf-8").replace("comment_id,", "comment_id,parent_id,").splitlines()
    rows = [text[0], *(row.replace(",", f",{FIRST if '-9,' in row else ''},", 1) for row in text[1:])]
    comments.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert faults(root) == []
    withdrawing.withdraw(root, FIRST, "asked for")
    (batch,) = load(root).comments()
    assert batch["parent_id"].to_list()[-1] == FIRST


def test_a_ledger_with_a_strange_item_is_no_crash(project: Project) -> None:
    root = project("base")
    with (root / ledger.FILE).open("a", encoding="utf-8") as file:
        file.write(f"2021-03-04,article,{ARTICLE}#px,00,\n2021-03-04,article,{ARTICLE}#p9999999999999,00,\n")
    assert faults(root) == []


def named(project: Project) -> Path:
    """A brief in which others name the author of the first comment, with and without a sign."""
    root = project("base")
    (root / "data" / "comments" / f"{ARTICLE}.csv").write_text(
        "comment_id,position,author,text\n"
        f"{FIRST},1,Quentin Crump,I work until six. When should I come?\n"
        f'{ARTICLE}-2,2,,"Who pays for the light, ""free"" or not? Ask @Quentin Crump or QuentinCrump."\n'
        f"{ARTICLE}-3,3,Ann Other,NA says quentin crump\n",
        encoding="utf-8",
    )
    (root / "data" / "ledger.csv").unlink()
    return root


def test_who_withdrew_a_comment_is_named_by_nobody_else_on_the_site(project: Project) -> None:
    root = named(project)
    places = withdrawing.withdraw(root, FIRST, "asked for")
    comments = f"data/comments/{ARTICLE}.csv"
    assert f"{comments}, line 3: its author's name" in places, "it stands in the store, in the words of others"
    shown = " ".join(Findings(load(root)).comments["text"])
    assert "crump" not in shown.casefold() and "Who pays for the light" in shown


def test_who_wrote_other_comments_stays_masked_without_a_decision(project: Project) -> None:
    root = named(project)
    path = root / "data" / "comments" / f"{ARTICLE}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Ann Other", "Quentin Crump"), encoding="utf-8")
    withdrawing.withdraw(root, FIRST, "asked for")
    assert not (root / "data" / "masking.csv").exists()
    assert "crump" not in " ".join(Findings(load(root)).comments["text"]).casefold()


def later(root: Path, text: str) -> Path:
    path = root / "later.csv"
    path.write_text(f"text\n{text}\n", encoding="utf-8")
    return path


def test_bare_fingerprints_come_under_the_key_and_still_tell_an_edit(project: Project) -> None:
    root = project("base")
    bare = {row["item"]: row["sha256"] for row in rows(root)}
    assert keying.messages(root) == [
        "Fingerprints of comments have no key yet. The next command that changes data/ gives them one."
    ]
    adding.add(root, later(root, "One more."), {"collection": "letters"})
    (key,) = keys.at_hand(root)
    now = rows(root)
    assert (now[0]["event"], now[0]["sha256"]) == ("key", keys.name_of(key))
    for row in now[1:]:
        if row["item"] in bare:
            plain = ledger.is_bare(row["item"], row["event"])
            assert row["sha256"] == (bare[row["item"]] if plain else keys.keyed(key, bare[row["item"]]))
    assert key not in (root / ledger.FILE).read_text(encoding="utf-8") and keying.messages(root) == []
    change(root, f"comments/{ARTICLE}.csv", "until six", "until nine")
    assert faults(root) == [f"the text of '{FIRST}' is not the one that came in"]
    (root / keys.FILE).unlink()
    assert faults(root) == []
    assert keying.messages(root)[0].startswith("Not compared with what came in: 4 texts. Their key is not at hand")


def test_without_the_key_new_rows_are_under_another(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project("base")
    adding.add(root, later(root, "One more."), {"collection": "letters"})
    first = (root / keys.FILE).read_text(encoding="utf-8").strip()
    (root / keys.FILE).unlink()
    adding.add(root, later(root, "Two more."), {"collection": "letters"})
    (second,) = keys.at_hand(root)
    assert second != first and [row["event"] for row in rows(root)].count("key") == 2
    change(root, "comments/letters.csv", "One more.", "One less.")
    assert faults(root) == [], "its key is not at hand"
    monkeypatch.setenv(keys.ENVIRONMENT, first)
    assert faults(root) == ["the text of 'letters-1' is not the one that came in"]
    monkeypatch.setenv(keys.ENVIRONMENT, "secret")
    assert "this holds something that is no key" in faults(root)


def test_where_withdrawn_comments_cannot_be_recognised_nothing_is_added_unasked(project: Project) -> None:
    root = named(project)
    withdrawing.withdraw(root, FIRST, "asked for")
    letters = {"collection": "letters"}
    with pytest.raises(BriefError, match="every comment of the file was withdrawn"):
        adding.add(root, later(root, "I work until six. When should I come?"), letters)
    path = later(root, "And Quentin Crump again.")
    found = sources.read(path, {})
    assert "“Quentin Crump” becomes [words removed]" in preview.preview(
        found, adding.planned(root, path, found, letters)
    )
    (root / keys.FILE).unlink()
    with pytest.raises(BriefError, match="the key that recognises 1 of them is not at hand"):
        adding.planned(root, path, found, letters)
    told = preview.preview(found, adding.planned(root, path, found, letters | {"without_key": True}))
    assert "Not looked for: names of people who withdrew. Their key is not at hand" in told


def test_a_record_of_an_edition_keeps_no_fingerprint_of_what_was_withdrawn(project: Project) -> None:
    root = project("base")
    record = root / "data" / "editions" / "2021-03-04.json"
    record.parent.mkdir()
    told = {"edition": "2021-03-04", "data_digest": "ab", "facts": {}, "statements": {}, "figures": {"x": "0" * 16}}
    record.write_text(json.dumps(told | {"comments": {FIRST: "f" * 16, f"{ARTICLE}-3": "e" * 16}}), encoding="utf-8")
    withdrawing.withdraw(root, FIRST, "asked for")
    now = json.loads(record.read_text(encoding="utf-8"))
    (key,) = keys.at_hand(root)
    assert now["comments"] == {FIRST: "withdrawn", f"{ARTICLE}-3": keys.keyed(key, "e" * 16)}
    assert now["figures"] == {"x": keys.keyed(key, "0" * 16)}
    assert (now["data_digest"], now["altered"], now["key"]) == ("", {FIRST: "2021-03-04"}, keys.name_of(key))
