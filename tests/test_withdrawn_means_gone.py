"""A comment is added, published, withdrawn, and published without: its words and its author's name are then nowhere.

Every byte of the publication is searched: pages, tables, archives unpacked, PDFs as text and as streams, the search
index. So are `data/` and what git tracks.
"""

from __future__ import annotations

import html
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import take_out
import topics
from brief.contract import text_files
from brief.data.loading import load
from brief.store import adding, withdrawing
from brief.store.history import where_it_stands
from conftest import ROOT, run_build

TEXT = 'The lamps <flicker> & hum by "gate nine" whenever Saturn rises.\n\nNobody repairs them.'
NAME = "Quentin Crumplehorn"
#: More than the chapter lists, so that there are pages of all and a search over all.
OTHERS = [f"Day {n} was too short for my errands." for n in range(1, 51)]
TEXTS = [
    *("Keep it open in the evening, please.", TEXT, f"I agree with @{NAME} on this.", "It costs too much for me."),
    *OTHERS,
]
AUTHORS = ["Ada Loveday", NAME, "Ben Okri-Smith", "", *[""] * len(OTHERS)]
GONE = f"{topics.COLLECTION}-2"
ROLES = ("Trader", "Resident")
#: Words that nobody else uses, and the name in the ways in which it could stand.
SOUGHT = ("lamps", "flicker", "gate nine", "saturn", "nobody repairs", "crumplehorn", "quentin")


def read_all(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Each text within a file: of an archive those of its members, of a PDF what is read of it."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                yield from read_all(f"{name}/{entry.filename}", archive.read(entry))
        return
    if content[:4] == b"%PDF" and shutil.which("pdftotext"):
        told = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
        yield name, told.stdout.decode("utf-8", "replace")
    text = content.decode("utf-8", "replace")
    yield name, text
    yield name, html.unescape(re.sub(r"<[^>]*>", " ", text))


def holding(folder: Path, *leaving: str) -> dict[str, list[str]]:
    """The files below a folder that hold one of the words, with those words."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith(leaving or ("\0",)):
            for part, text in read_all(name, path.read_bytes()):
                flat = " ".join(text.casefold().split())
                if words := [word for word in SOUGHT if word in flat]:
                    found[part] = words
    return found


def publish(brief: Path, to: Path) -> str:
    command = ["sh", "tools/publish.sh", "_build/html", str(to)]
    ended = subprocess.run(command, cwd=brief, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path, list[str]]:
    """The brief, its publication before and after, and what withdrawing told."""
    brief = topics.asked(tmp_path_factory.mktemp("gone") / "brief", [])
    table = brief.parent / f"{topics.COLLECTION}.csv"
    rows = [
        {"id": str(n), "parent_id": "1" if n == 2 else "", "role": ROLES[n % 2], "author": author, "text": text}
        for n, (author, text) in enumerate(zip(AUTHORS, TEXTS, strict=True), start=1)
    ]
    topics.write(table, text_files.write_csv(rows, list(rows[0])))
    adding.add(brief, table, {"collection": topics.COLLECTION, "question": "Should it close?"})
    with (brief / "data" / "brief.yml").open("a", encoding="utf-8") as shown:
        shown.write("attributes: [role]\n")
    git = ["git", "-C", str(brief), "-c", "user.name=x", "-c", "user.email=x@localhost"]
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "The first edition"]):
        subprocess.run([*git, *arguments], check=True)
    assert run_build(brief).returncode == 0
    to = brief.parent / "public"
    publish(brief, to)
    before = brief.parent / "before"
    shutil.copytree(to, before)
    told = withdrawing.withdraw(brief, GONE, "asked for")
    later = brief.parent / "later.csv"
    topics.write(later, f"text\n{NAME} said so. And QuentinCrumplehorn again.\n")
    adding.add(brief, later, {"collection": topics.COLLECTION})
    topic = brief / "data" / "brief.yml"
    topic.write_text(topic.read_text(encoding="utf-8").replace("2026-01-01", "2026-02-02"), encoding="utf-8")
    subprocess.run([*git, "add", "-A"], check=True)
    ended = run_build(brief)
    assert ended.returncode == 0, ended.stdout
    publish(brief, to)
    return brief, before, to, told


Published = tuple[Path, Path, Path, list[str]]


def test_nothing_published_holds_the_words_or_the_name(published: Published) -> None:
    _, before, to, _ = published
    held = holding(before)
    assert len(held) > 6, "or there was nothing to take out"
    for name in ("1.html", "comments.csv", "search/texts-1.js", "search/words-1.js"):
        assert f"comments/{name}" in held
    assert (to / "editions" / "2026-01-01" / "index.html").is_file()
    assert holding(to) == {}


def test_the_altered_edition_says_so_and_stands(published: Published) -> None:
    _, before, to, _ = published
    edition = to / "editions" / "2026-01-01"
    told = json.loads((edition / "altered.json").read_text(encoding="utf-8"))
    assert told["comments"] == [GONE] and told["altered_with_edition"] == "2026-02-02"
    assert json.loads((to / "editions" / "altered.json").read_text(encoding="utf-8"))["2026-01-01"]["comments"] == [
        GONE
    ]
    for page in [*edition.glob("*.html"), *edition.glob("comments/*.html")]:
        assert "A comment was withdrawn after this edition was published" in page.read_text(encoding="utf-8"), page.name
    comments = (edition / "comments.html").read_text(encoding="utf-8")
    assert "Keep it open in the evening" in comments and f'id="{GONE}"' in comments and "[withdrawn]" in comments
    heads = {found[1]: found[0] for found in re.finditer(r'<article class="comment" id="([^"]+)"[^>]*>', comments)}
    assert 'data-depth="1"' in heads[GONE], "a reply is found as well"
    assert [name for name, head in heads.items() if "data-choices" not in head] == [GONE]
    kept = {path.relative_to(before).as_posix() for path in before.rglob("*") if path.is_file()}
    left = kept - {path.relative_to(to).as_posix() for path in to.rglob("*") if path.is_file()}
    search = {name for name in left if Path(name).parent.name == "search"}
    assert search and left - search == {"editions/2026-01-01/comments/comments.parquet"}
    assert "comments.parquet" in (before / "editions/2026-01-01/comments/1.html").read_text(encoding="utf-8")
    assert "comments.parquet" not in (edition / "comments" / "1.html").read_text(encoding="utf-8")
    assert not list(edition.glob("comments/search/*")) and (edition / "comments" / "places" / "ids-1.js").is_file()
    assert "Keep it open in the evening" in (edition / "comments" / "1.html").read_text(encoding="utf-8")
    assert "replaced by a page that says so" in {one["how"] for one in told["files"].values()}
    assert not (to / "editions" / "2026-02-02" / "altered.json").exists()


def test_a_checker_tells_altered_from_tampered(published: Published, tmp_path: Path) -> None:
    copy = tmp_path / "public"
    shutil.copytree(published[2], copy)
    told = take_out.differing(copy)
    assert told and all(what.startswith("altered by withdrawal") for what in told.values())
    for name in ("comments.html", "figures/table-stances.csv"):
        path = copy / "editions" / "2026-01-01" / name
        path.write_bytes(path.read_bytes() + b" ")
        assert take_out.differing(copy)[f"2026-01-01/{name}"] == "changed, and not by a withdrawal"


def test_publishing_again_alters_nothing_more(published: Published) -> None:
    brief, _, to, _ = published
    before = topics.files_of(to)
    assert "Altered" not in publish(brief, to)
    assert topics.files_of(to) == before


def test_the_store_keeps_the_name_in_the_words_of_others_alone(published: Published) -> None:
    brief, _, _, told = published
    comments, masking = f"data/comments/{topics.COLLECTION}.csv", "data/masking.csv"
    assert set(holding(brief, ".git/", "_build/", ".brief/")) == {comments, masking}
    assert f"{comments}, line 4: its author's name" in told
    stored = (brief / comments).read_text(encoding="utf-8")
    assert "amps" not in stored and stored.count(NAME) == 2, "in what others wrote, and nobody else is named so"
    assert not any("lamps" in line for line in told)
    shown = " ".join(text for _, text, _ in load(brief).texts())
    assert NAME in shown and "crumplehorn" not in (brief / "data" / "ledger.csv").read_text(encoding="utf-8").casefold()
    tracked = subprocess.run(
        ["git", "-C", str(brief), "grep", "-il", "--cached", "crumplehorn"], capture_output=True, text=True
    )
    assert set(tracked.stdout.split()) == {comments, masking}


def test_withdrawing_tells_the_branch_that_holds_the_words(published: Published) -> None:
    (line,) = [line for line in published[3] if line.startswith("the branch")]
    assert line.startswith("the branch main, since its commit ") and "git filter-repo" in line


def test_a_branch_that_keeps_editions_is_told_with_what_to_do(tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@localhost"]
    for name, text in ((".brief-publication", ""), ("index.html", "<p>" + html.escape('Lamps & "gates"') + "</p>")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    for arguments in (["init", "-q", "-b", "published"], ["add", "-A"], ["commit", "-q", "-m", "Publish"]):
        subprocess.run([*git, *arguments], check=True)
    (line,) = where_it_stands(tmp_path, 'Lamps & "gates"', "")
    assert line.startswith("the branch published, since its commit ") and "KEEP=published FRESH=1" in line
    assert list(where_it_stands(tmp_path, "Other words", "Nobody")) == []


def test_a_name_that_an_earlier_version_showed_is_taken_out(tmp_path: Path) -> None:
    """The comment itself was gone already: pages lose the name, and the PDF, which nobody can search, gives way."""
    edition = tmp_path / "editions" / "2026-01-01"
    edition.mkdir(parents=True)
    (edition / "index.html").write_text(f"<main><p>I agree with {NAME}, I do.</p></main>", encoding="utf-8")
    (edition / "brief.pdf").write_bytes(b"%PDF-1.4 of before")
    (tmp_path / "index.html").write_text("<p>Quentin is a name, and so is Ann Lee.</p>", encoding="utf-8")
    (tmp_path / "withdrawn.json").write_text('{"comments": [], "edition": "2026-02-02"}', encoding="utf-8")
    assert take_out.take_out(tmp_path, [NAME, "Ann Lee"]) == ["2026-01-01"]
    assert holding(edition) == {} and b"of before" not in (edition / "brief.pdf").read_bytes()
    assert "I agree with [withdrawn] I do" in (edition / "index.html").read_text(encoding="utf-8")
    assert "A name was found" in json.loads((edition / "altered.json").read_text(encoding="utf-8"))["note"]


def test_a_fresh_branch_holds_one_commit(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("A site.", encoding="utf-8")
    for arguments in (["init", "-q", "--bare", "far"], ["init", "-q", "near"]):
        subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True)
    subprocess.run(["git", "-C", str(tmp_path / "near"), "remote", "add", "origin", str(tmp_path / "far")], check=True)
    for place, (date, fresh) in enumerate((("2026-01-01", ""), ("2026-02-01", ""), ("2026-02-01", "1"))):
        (site / "edition.txt").write_text(f"{date}\n", encoding="utf-8")
        command = ["sh", str(ROOT / "tools" / "keep.sh"), str(site), str(tmp_path / f"to-{place}"), "published"]
        subprocess.run(command, cwd=tmp_path / "near", env={**os.environ, "FRESH": fresh}, check=True)
        count = ["git", "-C", str(tmp_path / "far"), "rev-list", "--count", "published"]
        assert subprocess.run(count, capture_output=True, text=True, check=True).stdout.strip() == "121"[place]
    assert (tmp_path / "to-2" / "editions" / "2026-01-01" / "index.html").is_file()


def test_without_the_key_the_site_has_the_same_bytes(published: Published) -> None:
    brief, _, _, _ = published
    before = topics.files_of(brief / "_build" / "html")
    key = (brief / ".brief" / "key").read_text(encoding="utf-8")
    shutil.rmtree(brief / "_build")
    (brief / ".brief" / "key").unlink()
    ended = run_build(brief)
    assert ended.returncode == 0, ended.stdout
    assert topics.files_of(brief / "_build" / "html") == before
    (brief / ".brief" / "key").write_text(key, encoding="utf-8")


def test_a_new_brief_has_a_key_that_git_does_not_see(published: Published) -> None:
    brief = published[0]
    listed = subprocess.run(["git", "-C", str(brief), "ls-files", ".brief"], capture_output=True, text=True, check=True)
    assert listed.stdout == "" and re.fullmatch(
        r"[0-9a-f]{64}\n", (brief / ".brief" / "key").read_text(encoding="utf-8")
    )
