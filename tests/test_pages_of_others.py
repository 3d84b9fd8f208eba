"""Pages as people have them, copied from a browser or saved by one: read as a person would, and nothing lost unseen.

A page lies in `tests/cases/sources/recognised/<module>`; beside it, NAME.expected.yml has what a person reads in it:
headline, number of paragraphs with the first words of the first and the last, what the page tells of the article, and
the comments with author, date, text, and the number of the comment that they answer, from 1. The pages are made up; how
they are built is how platforms build theirs.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from brief.cli import main
from brief.contract import inputs
from brief.data.loading import load
from brief.errors import BriefError
from brief.store import adding, html_trees, page_words, preview, sources, starter
from brief.store.opening import decoded
from brief.store.sources import Material, saved_page
from conftest import CASES

Project = Callable[..., Path]
RECOGNISED = CASES / "sources" / "recognised"
PAGES = [
    path
    for module in ("copied_page", "saved_page")
    for path in sorted((RECOGNISED / module).iterdir())
    if path.with_name(f"{path.stem}.expected.yml").is_file()
]
PASTED = [path for path in PAGES if path.parent.name == "copied_page"]
SAVED = [path for path in PAGES if path.parent.name == "saved_page"]
#: Words that stand in the scripts, styles and menus of the saved pages, and nowhere else.
UNSEEN = ("scriptword", "styleword", "navword", "gtag", "dataLayer")
GAZETTE = {"publisher": "The Gazette", "published": "2020-08-14"}


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def expected_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.with_name(f"{path.stem}.expected.yml").read_text(encoding="utf-8"))
    return found


def comments_of(found: Material) -> list[dict[str, Any]]:
    """The comments as an expectation has them."""
    rows = found.comments.frame().fillna("").to_dict("records")
    places = {row["comment_id"]: place for place, row in enumerate(rows, start=1) if row.get("comment_id")}
    told = []
    for row in rows:
        comment = {
            "author": row.get("author", ""),
            "posted_at": row.get("posted_at") or row.get("attr_posted_at", ""),
            "text": row["text"],
        }
        if row.get("parent_id"):
            comment["parent"] = places[row["parent_id"]]
        if row.get("likes"):
            comment["likes"] = row["likes"]
        told.append(comment)
    return told


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_is_read_as_a_person_reads_it(path: Path) -> None:
    expected, found = expected_of(path), sources.read(path, {})
    assert comments_of(found) == expected["comments"]
    assert found.more_evidence == expected.get("more", "")
    article = found.article
    assert (article.headline if article else None) == expected.get("headline")
    if article is not None:
        assert len(article.paragraphs) == expected["paragraphs"]
        assert article.paragraphs[0].startswith(expected["first"])
        assert article.paragraphs[-1].startswith(expected["last"])
        assert {name: value for name, value in article.known.items() if value} == expected.get("known", {})


@pytest.mark.parametrize("path", SAVED, ids=named)
def test_a_saved_page_gives_only_words_that_a_reader_sees(path: Path) -> None:
    found = sources.read(path, {})
    paragraphs = found.article.paragraphs if found.article else ()
    texts = [*paragraphs, *found.comments.frame()["text"]]
    for text in texts:
        assert not any(word in text for word in UNSEEN), text
    page = saved_page._page(path, "")
    shown = " ".join(
        " ".join(block.text for block in html_trees.blocks(html_trees.tree(one)))
        for one in (page.file.text, *page.frames)
    )
    seen = " ".join(shown.split())
    if path.stem == "json-ld":
        texts = list(paragraphs)
    for text in texts:
        for part in text.split("\n"):
            assert " ".join(part.split()) in seen, part


@pytest.mark.parametrize("path", PASTED, ids=named)
def test_every_word_of_a_copied_page_is_stored_or_told(path: Path) -> None:
    found = sources.read(path, {})
    told = preview.preview(found)
    article = found.article
    kept = [
        *found.comments.frame()["text"],
        *found.messages,
        found.more_evidence,
        *found.comments.frame().get("author", []),
    ]
    kept += [article.headline, *article.paragraphs, *article.known.values()] if article else []
    known = set(" ".join(kept).split()) | set(told.split())
    for line in decoded(path).text.splitlines():
        rest = page_words.DATE.sub(" ", line)
        missing = [word for word in rest.split() if not {word, word.strip(",")} & known and any(map(str.isalnum, word))]
        missing = [word for word in missing if not page_words.likes_in(line)]
        assert not missing, f"{line}: {missing}"


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_added_leaves_a_sound_store_and_a_dry_run_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    root = project("base")
    monkeypatch.chdir(root)
    before = {one: one.read_bytes() for one in inputs.files(root / "data")}
    found = sources.read(path, {})
    given = [] if found.article is None else ["--publisher", "P", "--published", "2020-08-14"]
    told = CliRunner().invoke(main, ["add", str(path), *given, "--dry-run"])
    assert told.exit_code == 0 and "dry run" in told.output, told.output
    assert {one: one.read_bytes() for one in inputs.files(root / "data")} == before
    answers = GAZETTE if found.article is not None else {"collection": "thread", "question": "Should it open?"}
    plan = adding.add(root, path, answers)
    assert plan.counts.get("new", 0) == len(found.comments)
    load(root)
    again = adding.planned(root, path, found, answers | ({"replace": True} if found.article is not None else {}))
    assert again.changes_nothing


@pytest.mark.parametrize("name", ["copied_page/wordpress.txt", "saved_page/wordpress.html"])
def test_a_page_makes_a_new_brief_that_is_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Without an edit to the page: `brief new`, `brief add`, `brief check`."""
    root = tmp_path / "library-hours"
    starter.new(root)
    monkeypatch.chdir(root)
    told = CliRunner().invoke(main, ["add", str(RECOGNISED / name), "--publisher", "The Harbour Post"])
    assert told.exit_code == 0, told.output
    sound = CliRunner().invoke(main, ["check"])
    assert sound.exit_code == 0, sound.output


# What can be said otherwise ------------------------------------------------------------------------------------------

WORDPRESS = RECOGNISED / "copied_page" / "wordpress.txt"


def test_where_the_article_begins_can_be_said() -> None:
    page = RECOGNISED / "copied_page" / "one-line-heads.txt"
    told = sources.read(page, {"title": "The Harbour Post | Local news"})
    assert told.article is not None and told.article.headline == "The Harbour Post | Local news"
    assert told.article.paragraphs[0].startswith("Home > News"), "all below the line that begins so is the article's"
    saved = sources.read(RECOGNISED / "saved_page" / "wordpress.html", {"title": "Open on Sundays"})
    assert saved.article is not None and saved.article.headline == "Open on Sundays"


def test_where_comments_begin_can_be_said_by_text_and_by_author() -> None:
    for words in ("Cy P. says", "See https://library.example"):
        found = sources.read(WORDPRESS, {"comments_from": words})
        assert list(found.comments.frame()["author"]) == ["Cy P.", "Ann", "old_reader"]
    found = sources.read(RECOGNISED / "saved_page" / "generic.html", {"comments_from": "Ann Moor"})
    assert len(found.comments) == 3


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_words_that_are_not_on_the_page_are_refused(path: Path) -> None:
    with pytest.raises(BriefError) as error:
        sources.read(path, {"comments_from": "Nobody said this"})
    assert "begins with 'Nobody said this'" in str(error.value)


@pytest.mark.parametrize("path", SAVED, ids=named)
def test_no_two_guesses_exclude_each_other(path: Path) -> None:
    guesses = sources.read(path, {}).guesses
    assert sum("--comments-from" in guess for guess in guesses) == (1 if guesses else 0)
    comments = expected_of(path)["comments"]
    if comments:
        found = sources.read(path, {"comments_from": comments[0]["text"].split("\n")[0]})
        assert comments_of(found) == comments
        assert not any("--comments-from" in guess and "otherwise" in guess for guess in found.guesses)


def test_comments_of_a_copied_page_can_be_joined() -> None:
    found = sources.read(WORDPRESS, {"merge": [(3, 4)]})
    assert len(found.comments) == 4 and found.comments.frame()["text"][2].endswith("stay shut.\n\n👍")


# What is no page, and what is a hard one ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rows.txt", "text,author\nCafe is good,A\n"),
        ("rows.txt", "name\tcomment\nAnn\tGood idea.\nBob\tBad idea.\n"),
        ("rows.txt", "id;text\n1;Good idea, really\n2;Bad idea\n"),
        ("thread.txt", '{"comments": []}'),
        ("thread.txt", '[{"text": "Good idea."}]'),
        ("feed.txt", '<?xml version="1.0"?>\n<rss><channel><title>News</title></channel></rss>'),
    ],
)
def test_data_are_never_taken_for_a_page(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    for module in ("copied_page", "saved_page"):
        assert sources.modules()[module].recognises(path, text.encode()) == sources.NOT_MINE


def test_html_is_never_taken_for_a_copied_page_and_is_known_by_its_markup(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes((RECOGNISED / "saved_page" / "wordpress.html").read_bytes())
    assert sources.recognise(path)[0].__name__.endswith("saved_page")


def test_a_page_without_words_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<!DOCTYPE html>\n<title>A page</title>\n<script>alert(1)</script>\n", encoding="utf-8")
    with pytest.raises(BriefError, match="neither an article nor comments"):
        sources.read(path, {})


def test_a_page_that_shows_comments_in_a_frame_tells_which_file_has_them(tmp_path: Path) -> None:
    page = RECOGNISED / "saved_page" / "disqus-page.html"
    assert "The comments stand in a frame that is not in this file" in "\n".join(sources.read(page, {}).messages)
    here = tmp_path / page.name
    here.write_bytes(page.read_bytes())
    (tmp_path / "disqus-page_files").mkdir()
    frame = tmp_path / "disqus-page_files" / "saved_resource.html"
    frame.write_bytes((RECOGNISED / "saved_page" / "disqus-frame.html").read_bytes())
    assert "brief add 'disqus-page_files/saved_resource.html' --article ID" in "\n".join(
        sources.read(here, {}).messages
    )


def test_a_browsers_view_of_the_source_is_read_as_the_page(tmp_path: Path) -> None:
    source = (RECOGNISED / "saved_page" / "paper-with-picks.html").read_text(encoding="utf-8")
    rows = "".join(
        f'<tr><td class="line-number" value="{number}"></td><td class="line-content">'
        f"{line.replace('&', '&amp;').replace('<', '&lt;')}</td></tr>"
        for number, line in enumerate(source.splitlines(), start=1)
    )
    path = tmp_path / "view.html"
    path.write_text(f"<html><head></head><body><table><tbody>{rows}</tbody></table></body></html>", encoding="utf-8")
    assert list(sources.read(path, {}).comments.column("author")) == ["brook77", "Ann_M"]


def test_large_and_deep_pages_are_read_within_seconds(tmp_path: Path) -> None:
    start = (RECOGNISED / "saved_page" / "wordpress.html").read_text(encoding="utf-8")
    one = re.search(r'<li id="comment-103".*?</li>', start, re.S)
    assert one is not None
    many = "".join(one.group().replace("103", str(number)) for number in range(1000, 2000))
    script = f"<script>{'var scriptword = 1;' * 250_000}</script>"
    path = tmp_path / "page.html"
    path.write_text(start.replace(one.group(), many).replace("</body>", f"{script}</body>"), encoding="utf-8")
    assert path.stat().st_size > 5_000_000
    began = time.process_time()
    assert len(sources.read(path, {}).comments) == 1003
    assert time.process_time() - began < 30
    deep = tmp_path / "deep.html"
    deep.write_text(f"<html><body><h1>A title here</h1>{'<div>' * 1000}<p>{'Words of it. ' * 20}</p>", encoding="utf-8")
    found = sources.read(deep, {})
    assert found.article is not None and len(found.article.paragraphs) == 1


def test_a_newer_copy_of_a_page_finds_its_comments_again(project: Project, tmp_path: Path) -> None:
    root, path = project("base"), tmp_path / "page.txt"
    text = WORDPRESS.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    adding.add(root, path, GAZETTE)
    changed = text.replace(
        "Cy P. says:", "Zoe says:\nAugust 15, 2020 at 5:00 pm\n\nAnd the café?\n\nReply\n\nCy P. says:"
    )
    path.write_text(changed, encoding="utf-8")
    plan = adding.add(root, path, GAZETTE | {"replace": True})
    assert plan.counts == {"new": 1, "as before": 5}
