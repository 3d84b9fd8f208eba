"""Catalogues with slips: what would print a sentence without its number, or a form of a plural that there is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from brief.book.check import check
from brief.cli import main
from brief.errors import BriefError
from brief.prose import catalogue, extraction
from brief.store import catalogues, starter

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
FRENCH = f"""{HEAD}"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);\\n"

msgid "Edition of {{date}}"
msgstr "Edition"

#, fuzzy
msgid "Source: {{source}}"
msgstr "Source"

msgid "{{number}} page, {{size}}"
msgid_plural "{{number}} pages, {{size}}"
msgstr[0] "une page, {{size}}"
msgstr[1] "deux pages, {{size}}"
msgstr[2] "des pages de {{taille}}"

msgid "comment"
msgid_plural "comments"
msgstr[0] "commentaire"
msgstr[1] ""
msgstr[2] "{{number}} commentaires"

msgid "Read {{count}}`comments`."
msgstr "Lire {{count}}`comments-coded`."
"""
#: What is wrong with them, by lines.
WRONG = {
    6: "the translation of 'Edition of {date}' lacks {date}",
    13: "the translation of '{number} page, {size}' (msgstr[2]) lacks {number}, {size} and has {taille}",
    19: "the translation of 'comment' lacks msgstr[1]",
    25: "the translation of 'Read {count}`comments`.' lacks {comments} and has {comments-coded}",
}


def test_a_catalogue_that_puts_in_other_things_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By `brief new`, by `brief check` and by `brief update`, with file, line and remedy; nothing is written."""
    po, root = tmp_path / "fr.po", tmp_path / "brief"
    po.write_text(FRENCH, encoding="utf-8")
    refused = CliRunner().invoke(main, ["new", str(root), "--language", "fr", "--catalogue", str(po)])
    assert refused.exit_code == 1 and not root.exists() and refused.exception.__class__ is SystemExit
    for line, what in WRONG.items():
        assert f"fr.po, line {line}: {what}\n" in refused.output
    assert "-> Put in what the English has: {number}, {size}." in refused.output
    assert refused.output.count("    -> ") == len(WRONG)
    po.write_text(HEAD, encoding="utf-8")
    starter.new(root, "fr", po)
    (root / catalogue.OWN / "fr.po").write_text(FRENCH, encoding="utf-8")
    assert {fault.row: fault.what for fault in check(root)} == WRONG
    assert {fault.file for fault in check(root)} == {"data/catalogue/fr.po"}
    monkeypatch.chdir(root)
    updated = CliRunner().invoke(main, ["update"])
    assert updated.exit_code == 1 and "data/catalogue/fr.po, line 6: " in updated.output
    catalogues.refresh(po)
    assert "fr.po, line " in CliRunner().invoke(main, ["catalogue", str(root / catalogue.OWN / "fr.po")]).output


def test_a_translation_with_more_forms_than_are_counted_is_told_with_its_line(tmp_path: Path) -> None:
    po = tmp_path / "fr.po"
    po.write_text(FRENCH.replace("nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2)", "nplurals=2; plural=(n>1)"), "utf-8")
    with pytest.raises(BriefError, match=r"fr\.po, line 13: a translation has more forms than nplurals"):
        starter.new(tmp_path / "brief", "fr", po)
    assert not (tmp_path / "brief").exists()


def test_a_message_that_is_translated_without_its_plural_is_left_to_translate() -> None:
    text = f'{HEAD}\nmsgid "comment"\nmsgstr "commentaire"\n'
    assert "comment" in extraction.left_to_translate(text, "fr", catalogues.said())
