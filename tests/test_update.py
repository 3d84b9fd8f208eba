"""A newer program brings newer general chapters to a brief, and never touches what its owner wrote."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from brief.book import check
from brief.cli import main
from brief.contract import journal
from brief.contract.journal import WORK
from brief.errors import BriefError
from brief.store import delivered, starter, updating
from conftest import ROOT
from killed import RENAMES, at_each_step

CHAPTER, OTHER = "book/sources.md", "book/methods.md"
Newer = Callable[[dict[str, str]], None]


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    starter.new(tmp_path / "brief")
    return tmp_path / "brief"


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Newer]:
    """The program's own files as a later version has them: each text is added to the end of its file."""

    def lay(added: dict[str, str]) -> None:
        program = tmp_path / "program"
        if not program.exists():
            for name in (*starter.general(), "requirements.txt", "_toc.yml"):
                if (ROOT / name).is_file():
                    (program / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(ROOT / name, program / name)
        for name, text in added.items():
            with (program / name).open("a", encoding="utf-8") as file:
                file.write(text)
        monkeypatch.setattr(starter, "_GENERAL", program)

    yield lay


def run(root: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.chdir(root)
    return CliRunner().invoke(main, ["update", *arguments])


def bytes_of(root: Path) -> dict[str, bytes]:
    found = (path for path in sorted(root.rglob("*")) if path.is_file() and WORK not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def write(root: Path, name: str, text: str) -> None:
    (root / name).write_text(text, encoding="utf-8")


def test_a_new_brief_knows_what_it_was_made_of_and_nothing_is_newer(
    brief: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = delivered.read(brief)
    assert set(known) == set(starter.general()) and CHAPTER in known and "Makefile" in known
    assert not [name for name in known if name.startswith(("data/", "book/topic/"))], "what the owner writes"
    before = bytes_of(brief)
    told = run(brief, monkeypatch)
    assert told.exit_code == 0 and "Nothing is newer than what is here." in told.output
    assert bytes_of(brief) == before


def test_a_brief_in_another_language_gets_newer_chapters_in_that_language(
    tmp_path: Path, newer: Newer, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "german"
    starter.new(root, "de")
    assert "Nothing is newer than what is here." in run(root, monkeypatch).output
    newer({CHAPTER: "\n## What a model can code\n"})
    told = run(root, monkeypatch)
    assert told.exit_code == 0 and f"  {CHAPTER}" in told.output, told.output
    chapter = (root / CHAPTER).read_text(encoding="utf-8")
    assert chapter.endswith("## Was ein Modell kodieren kann\n") and "What a model" not in chapter
    assert 'language: "de"\n' in (root / "_config.yml").read_text(encoding="utf-8")


def test_what_nobody_changed_comes_and_what_the_owner_wrote_stays(
    brief: Path, newer: Newer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(brief, OTHER, "# Our own methods\n")
    write(brief, "book/topic/answer.md", "Our answer.\n")
    newer({CHAPTER: "\nOne more paragraph.\n", OTHER: "\nNewer methods.\n"})
    before = bytes_of(brief)
    told = run(brief, monkeypatch, "--dry-run").output
    assert f"nobody changed the one that is here (one file):\n  {CHAPTER}" in told
    assert f"Changed by you, so it stays (one file):\n  {OTHER}" in told
    assert bytes_of(brief) == before, "a dry run writes nothing"
    assert "Written. Next: brief check." in run(brief, monkeypatch).output
    after = bytes_of(brief)
    assert {name for name in after if after[name] != before.get(name)} == {CHAPTER, delivered.FILE}
    assert after[CHAPTER].endswith(b"One more paragraph.\n") and after[OTHER] == b"# Our own methods\n"
    again = run(brief, monkeypatch).output
    assert "Written" not in again and f"  {OTHER}" in again
    assert bytes_of(brief) == after


def test_the_difference_to_a_changed_chapter_is_shown(
    brief: Path, newer: Newer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(brief, OTHER, "# Our own methods\x1b[2J\n")
    newer({OTHER: "\nNewer methods.\n"})
    told = run(brief, monkeypatch, "--difference", OTHER).output
    assert "-# Our own methods" in told and "+Newer methods." in told and "\x1b" not in told
    assert "is as the program has it" in run(brief, monkeypatch, "--difference", CHAPTER).output
    unknown = run(brief, monkeypatch, "--difference", "book/topic/answer.md")
    assert unknown.exit_code == 1 and "no general file of this brief" in unknown.output


def test_a_chapter_that_was_changed_and_has_no_newer_one_is_not_told_of(brief: Path) -> None:
    write(brief, OTHER, "# Our own methods\n")
    assert updating.planned(brief) == updating.Update(known=delivered.read(brief))


def test_a_new_chapter_comes_with_the_contents_and_with_its_part(brief: Path, newer: Newer) -> None:
    page = (ROOT / CHAPTER).read_text(encoding="utf-8").partition("# ")[0]
    (brief / "book" / "topic" / "voices.md").unlink()
    newer(
        {"book/at-a-glance.md": f"{page}# At a glance\n\n```{{include}} topic/voices.md\n```\n"}
        | {"_toc.yml": "      - file: book/at-a-glance\n"}
    )
    plan = updating.update(brief)
    assert plan.newer == ("_toc.yml",)
    assert plan.new == ("book/at-a-glance.md", "book/topic/voices.md")
    assert not check.examine(brief).faults


def test_a_new_chapter_waits_until_contents_that_were_changed_list_it(brief: Path, newer: Newer) -> None:
    contents = (brief / "_toc.yml").read_text(encoding="utf-8")
    write(brief, "_toc.yml", contents + "# ours\n")
    newer({"book/at-a-glance.md": "# At a glance\n", "_toc.yml": "      - file: book/at-a-glance\n"})
    plan = updating.update(brief)
    assert plan.unlisted == ("book/at-a-glance.md",) and plan.own == ("_toc.yml",)
    assert "does not list it" in updating.preview(plan) and not plan.files
    write(brief, "_toc.yml", contents + "      - file: book/at-a-glance\n")
    assert updating.update(brief).new == ("book/at-a-glance.md",)


def test_a_chapter_that_was_taken_out_stays_out(brief: Path, newer: Newer) -> None:
    (brief / CHAPTER).unlink()
    contents = (brief / "_toc.yml").read_text(encoding="utf-8")
    write(brief, "_toc.yml", contents.replace("      - file: book/sources\n", ""))
    (brief / "tools" / "keep.sh").unlink()
    newer({CHAPTER: "\nNewer.\n", "tools/keep.sh": "# newer\n"})
    plan = updating.update(brief)
    assert plan.out == (CHAPTER, "tools/keep.sh") and not (brief / CHAPTER).exists()


def test_each_file_is_told_as_it_is(brief: Path, newer: Newer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a folder, nor a link, nor what was deleted is new, and none of them is written over."""
    (brief / CHAPTER).unlink()
    for name in ("Makefile", OTHER, "tools/keep.sh"):
        (brief / name).unlink()
    (brief / "Makefile").mkdir()
    (brief / OTHER).symlink_to(tmp_path / "nowhere.md")
    shutil.rmtree(brief / "tools" / "take_out")
    (brief / "tools" / "take_out").symlink_to(tmp_path)
    shutil.rmtree(brief / ".github")
    write(brief, ".github", "A file.\n")
    contents = (brief / "_toc.yml").read_text(encoding="utf-8")
    newer({CHAPTER: "\nNewer.\n", OTHER: "\nNewer.\n", "Makefile": "# newer\n"})
    output = run(brief, monkeypatch, "--dry-run").output
    assert f"Gone from here and listed in your _toc.yml, so it comes again (one file):\n  {CHAPTER}\n" in output
    assert "Taken out by you, so it stays out (one file):\n  tools/keep.sh" in output and "New" not in output
    for told in (
        "Makefile: this is a folder, not a file",
        f"{OTHER}: {OTHER} is a link",
        "tools/take_out/chain.py: tools/take_out is a link",
        ".github/workflows/publish.yml: .github is no folder",
    ):
        assert f"  {told}\n" in output
    plan = updating.update(brief)
    assert plan.back == (CHAPTER,) and (brief / CHAPTER).read_text(encoding="utf-8").endswith("Newer.\n")
    assert (brief / OTHER).is_symlink() and (brief / "Makefile").is_dir() and not list(tmp_path.glob("*.py"))
    assert (brief / "_toc.yml").read_text(encoding="utf-8") == contents


def test_an_older_program_takes_nothing_back(brief: Path, newer: Newer, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("0.1.0.dev1", starter.version()):
        monkeypatch.setattr(starter, "version", lambda: version)  # noqa: B023
        assert run(brief, monkeypatch, "--dry-run").exit_code == (version == "0.1.0.dev1")
    record = delivered.read(brief)
    newest = record | {CHAPTER: record[CHAPTER]._replace(version="0.10.0")}
    newer({OTHER: "\nOlder.\n"})
    write(brief, delivered.FILE, delivered.text(newest))
    before = bytes_of(brief)
    for arguments in ((), ("--dry-run",)):
        told = run(brief, monkeypatch, *arguments)
        assert told.exit_code == 1 and "version 0.10.0 has brought chapters" in told.output
        assert "Install version 0.10.0 or a newer one" in told.output and bytes_of(brief) == before
    write(brief, delivered.FILE, delivered.text(record | {CHAPTER: record[CHAPTER]._replace(version="of old")}))
    assert "no record of what was delivered: Invalid version" in run(brief, monkeypatch).output


def test_what_is_no_longer_general_is_left(brief: Path, newer: Newer, tmp_path: Path) -> None:
    newer({})
    (tmp_path / "program" / OTHER).unlink()
    before = bytes_of(brief)
    plan = updating.update(brief)
    assert OTHER in plan.dropped and bytes_of(brief)[OTHER] == before[OTHER]


def test_a_brief_of_an_early_version_loses_nothing(brief: Path, newer: Newer) -> None:
    """Without a record, what differs is not known to be unchanged."""
    (brief / delivered.FILE).unlink()
    newer({CHAPTER: "\nNewer.\n"})
    before = bytes_of(brief)
    plan = updating.update(brief)
    assert plan.of_unknown_origin == (CHAPTER,) and not plan.newer
    after = bytes_of(brief)
    assert {name for name in after if after[name] != before.get(name)} == {delivered.FILE}
    assert CHAPTER not in delivered.read(brief) and OTHER in delivered.read(brief)


def test_line_ends_that_a_clone_changed_are_no_change_of_the_owner(brief: Path, newer: Newer) -> None:
    own = brief / CHAPTER
    own.write_bytes(own.read_bytes().replace(b"\n", b"\r\n"))
    newer({CHAPTER: "\nNewer.\n"})
    assert updating.planned(brief).newer == (CHAPTER,)


@pytest.mark.parametrize("text", ["[]", "{", '{"book/a.md": {}}', '{"book/a.md": {"version": "1", "sha256": "x"}}'])
def test_a_record_that_cannot_be_read_stops_the_update(brief: Path, newer: Newer, text: str) -> None:
    newer({CHAPTER: "\nNewer.\n"})
    write(brief, delivered.FILE, text)
    before = bytes_of(brief)
    with pytest.raises(BriefError, match=r"delivered\.json"):
        updating.update(brief)
    assert bytes_of(brief) == before


def test_the_clone_itself_is_not_updated(monkeypatch: pytest.MonkeyPatch) -> None:
    told = run(ROOT, monkeypatch, "--dry-run")
    assert told.exit_code == 1 and "come from this very folder" in told.output


def test_killed_at_any_rename_it_is_before_or_after(brief: Path, newer: Newer, tmp_path: Path) -> None:
    newer({CHAPTER: "\nNewer.\n", "book/methods.md": "\nNewer.\n"})
    before = bytes_of(brief)
    shutil.copytree(brief, tmp_path / "whole")
    updating.update(tmp_path / "whole")
    after, seen = bytes_of(tmp_path / "whole"), set()
    for _, copy in at_each_step(brief, tmp_path, updating.update, RENAMES):
        journal.settle(copy)
        state = bytes_of(copy)
        assert state in (before, after)
        seen.add(state == after)
    assert seen == {False, True}


def test_a_language_that_yaml_reads_as_something_else_is_kept_as_text(
    tmp_path: Path, newer: Newer, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, own = tmp_path / "norwegian", tmp_path / "no.po"
    own.write_text('msgid "Sources"\nmsgstr "Kilder"\n\nmsgid "A"\nmsgstr ""\n', encoding="utf-8")
    starter.new(root, "no", own)
    for name in ("data/brief.yml", "_config.yml"):
        assert 'language: "no"\n' in (root / name).read_text(encoding="utf-8")
    assert not check.examine(root).faults
    assert "Nothing is newer than what is here." in run(root, monkeypatch).output
    brief_yml = (root / "data/brief.yml").read_text(encoding="utf-8")
    write(root, "data/brief.yml", brief_yml.replace('"no"', "no"))
    newer({CHAPTER: "\nNewer.\n"})
    before = bytes_of(root)
    told = run(root, monkeypatch)
    assert told.exit_code == 1 and "data/brief.yml, key language: this is read as False, not as a text" in told.output
    assert "-> Put it in quotation marks." in told.output and bytes_of(root) == before
    assert "this is read as False" in str(check.examine(root).faults[0])
