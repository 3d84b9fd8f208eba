"""All comments beside their chapter: static pages of a hundred, a search over all, a lasting address for each.

Scripts load what they need in small files that register themselves, which works on pages opened as files as well.
`search/start.js` says where what stands; `texts-N` has entries to show, `rows-N` what entries are chosen and sorted by,
`words-N` in which entries words stand; `places/ids-N` on which page each comment stands.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from brief.book.snapshot_files import ENTRIES, PARQUET, TABLE
from brief.prose.catalogue import say, say_of
from brief.prose.language import numeral, size_of
from brief.scripts import UNSPACED
from brief.site import beside, wording
from brief.site.state import CLAIMS_CHAPTER, COMMENTS_CHAPTER, Build, build_of
from brief.site.templating import rendered

FOLDER = "comments"
TABLE_FILE, PARQUET_FILE = f"{FOLDER}/{TABLE}", f"{FOLDER}/{PARQUET}"
PAGE, PAGE_BYTES = 100, 260_000
"""So many entries a page has, and fewer where their words are many: its entries are at most about so large, or one."""
TEXTS, TEXT_SIGNS = 20, 1_200
"""So many entries a file has that are shown as results, each with so much of its text; the page has all of it."""
ROWS_BYTES, WORDS_BYTES = 180_000, 180_000
PLACES, IDS = 3_000, 1_000
#: What search and choices need of an entry, and its page does not show: long where a letter has many copies.
_UNSEEN = ("copied", "kinds", "groups")
#: The markup of an entry, and of a row beside it, without the words that are shown.
_ENTRY_BYTES, _ROW_BYTES = 350, 60
_DIGITS = re.compile(r"(\d+)")


def is_wanted(build: Build) -> bool:
    """Whether there are more comments than their chapter lists, and the site has that chapter."""
    return build.snapshot.content["browse"] is not None and COMMENTS_CHAPTER in build.book.chapters


def write_tables(build: Build) -> None:
    """Write the tables of all comments, where there are more than the chapter lists."""
    if is_wanted(build):
        (build.aside / FOLDER).mkdir(exist_ok=True)
        for name in (TABLE, PARQUET):
            if (kept := build.snapshot.exhibits / "browse" / name).is_file():
                shutil.copyfile(kept, build.aside / FOLDER / name)


def pages(build: Build) -> list[str]:
    """The static pages of comments that were written."""
    numbers = sorted(int(path.stem) for path in (build.aside / FOLDER).glob("*.html") if path.stem.isdigit())
    return [f"{FOLDER}/{number}.html" for number in numbers]


def collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The pages, for Sphinx to put its layout around: name, what the template is given, template."""
    build = build_of(app)
    if is_wanted(build):
        uri = app.builder.get_target_uri
        for name, title, body in Browsing(build, uri(COMMENTS_CHAPTER), uri(CLAIMS_CHAPTER)).written():
            yield f"{FOLDER}/{name}", {"title": title, "body": body}, "page.html"


class Browsing:
    """The pages and files of one site."""

    def __init__(self, build: Build, chapter: str, claims: str) -> None:
        self.about: Mapping[str, Any] = build.snapshot.content["browse"]
        self.kept = build.snapshot.exhibits / "browse"
        self.out = build.aside / FOLDER
        self.chapter, self.claims = chapter, f"../{claims}"
        self.version = build.snapshot.digest[:12]
        self.starts: list[int] = []
        self.places: dict[str, tuple[int, str]] = {}
        self._paginate()

    def entries(self) -> Iterator[tuple[dict[str, Any], int]]:
        """The entries in their order, each with its size in bytes."""
        with (self.kept / ENTRIES).open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line), len(line.encode())

    def _paginate(self) -> None:
        """Say at which entry each page begins, and where each comment stands."""
        size = 0
        for number, (entry, length) in enumerate(self.entries()):
            shown = weight(entry, length)
            if not number or number - self.starts[-1] == PAGE or size + shown > PAGE_BYTES:
                self.starts.append(number)
                size = 0
            size += shown
            page = len(self.starts)
            self.places.update(dict.fromkeys([entry["id"], *entry["copied"]], (page, entry["id"])))

    def written(self) -> Iterator[tuple[str, str, Any]]:
        """Each page as name, title and body; the files for scripts are written on the way."""
        for folder in ("search", "places"):
            (self.out / folder).mkdir(parents=True, exist_ok=True)
        words, rows = wording.Index(), Rows(self.about["choices"], self.out / "search")
        texts: list[list[Any]] = []
        listed: list[dict[str, Any]] = []
        ends = {*self.starts[1:], self.about["entries"]}
        for count, (entry, _) in enumerate(self.entries(), start=1):
            comment = self._as_shown(entry)
            words.add(count - 1, f"{comment['text']} {comment['author']}")
            rows.add(entry)
            texts.append(self._as_result(comment))
            listed.append(comment)
            if len(texts) == TEXTS or count == self.about["entries"]:
                self._write("search", f"texts-{-(-count // TEXTS)}", texts)
                texts = []
            if count in ends:
                yield self._page(listed)
                listed = []
        self._write("search", "start", self._start(rows.finish(), self._words(words)))
        yield "browse", say("Search all comments"), self._browse()
        yield from self._by_id()

    def _as_shown(self, entry: dict[str, Any]) -> dict[str, Any]:
        """An entry as the template of a comment wants it."""
        answers = entry["answers"]
        if answers and answers["id"]:
            answers = {**answers, "page": f"{self.places[answers['id']][0]}.html"}
        rows = [*beside.rows(entry, self.claims), *self._further(entry)]
        lasting = beside.Row(say("Lasting link"), entry["id"], href=f"../{self.chapter}#{entry['id']}")
        return {**entry, "answers": answers, "told": rows, "beside": [*rows, lasting]}

    def _further(self, entry: Mapping[str, Any]) -> Iterator[beside.Row]:
        if entry["campaign"]:
            sent = say("{number} comments use this letter", number=numeral(entry["sent"]))
            yield beside.Row(say("Campaign {number}", number=entry["campaign"]), sent)
        if copies := len(entry["copied"]):
            same = say_of(
                copies, "{number} more in the same words", "{number} more in the same words", number=numeral(copies)
            )
            yield beside.Row(say("Copies"), same)

    def _as_result(self, comment: Mapping[str, Any]) -> list[Any]:
        """An entry as the script shows it: id, page, label, text, language, what it answers, what stands beside it."""
        text, answers = comment["text"], comment["answers"]
        short = text if len(text) <= TEXT_SIGNS else f"{text[:TEXT_SIGNS].rstrip()} …"
        reply = [answers["label"], f"{answers['page']}#{answers['id']}"] if answers and answers["id"] else 0
        facts = [[row.name, row.words] for row in comment["told"]]
        return [
            comment["id"],
            self.places[comment["id"]][0],
            comment["label"],
            short,
            comment["language"],
            reply,
            facts,
        ]

    def _page(self, comments: list[dict[str, Any]]) -> tuple[str, str, Any]:
        page, whole = self.places[comments[0]["id"]][0], len(self.starts)
        title = say("All comments, page {page} of {pages}", page=numeral(page), pages=numeral(whole))
        sizes = [size_of(path.stat().st_size) for name in (TABLE, PARQUET) if (path := self.kept / name).is_file()]
        context = {
            "page": page,
            "pages": whole,
            "sizes": sizes,
            "choices": "",
            "about": self._said(),
            "chapter": self.chapter,
        }
        return str(page), title, rendered("browse-page.html", title=title, comments=comments, **context)

    def _said(self) -> str:
        """How many comments there are, and in how many entries."""
        comments, entries = self.about["comments"], self.about["entries"]
        if comments == entries:
            return say("The brief has {comments} comments.", comments=numeral(comments))
        return say(
            "The brief has {comments} comments. Copies that a campaign sent in the same words stand here once, "
            "so there are {entries} entries. Numbers beside a choice count comments.",
            comments=numeral(comments),
            entries=numeral(entries),
        )

    def _browse(self) -> Any:
        title, choices = say("Search all comments"), self.about["choices"]
        context = {"version": self.version, "entries": self.about["entries"], "about": self._said()}
        return rendered("browse.html", title=title, choices=choices, **context)

    def _words(self, words: wording.Index) -> list[str]:
        """Write in which entries each word stands; returns the first word of each file."""
        firsts = []
        for number, part in enumerate(words.parts(WORDS_BYTES), start=1):
            firsts.append(str(part[0][0]))
            self._write("search", f"words-{number}", part)
        return firsts

    def _start(self, rows: list[int], words: list[str]) -> dict[str, Any]:
        return {
            "texts": TEXTS,
            "rows": rows,
            "words": words,
            "choices": [[choice["id"], [value for value, _ in choice["values"]]] for choice in self.about["choices"]],
            "unspaced": UNSPACED,
        }

    def _by_id(self) -> Iterator[tuple[str, str, Any]]:
        """The pages by which a comment is found by its id, and the same for scripts."""
        title = say("Find a comment by its id")
        natural = sorted(
            self.places, key=lambda name: [int(part) if part.isdigit() else part for part in _DIGITS.split(name)]
        )
        parts = [natural[start : start + IDS] for start in range(0, len(natural), IDS)]
        firsts, plain = [], sorted(self.places)
        for number, start in enumerate(range(0, len(plain), PLACES), start=1):
            part = plain[start : start + PLACES]
            firsts.append(part[0])
            self._write("places", f"ids-{number}", [[name, *self._place(name)] for name in part])
        self._write("places", "start", firsts)
        ranges = [(part[0], part[-1], number) for number, part in enumerate(parts, start=1)]
        context = {"version": self.version, "example": f"{self.chapter}#{natural[0]}", "ranges": ranges}
        yield "find", title, rendered("browse-find.html", title=title, **context)
        for first, last, number in ranges:
            title = say("Comments {first} to {last}", first=first, last=last)
            ids = [(name, *self.places[name]) for name in parts[number - 1]]
            yield f"ids-{number}", title, rendered("browse-ids.html", title=title, ids=ids)

    def _place(self, name: str) -> list[Any]:
        page, entry = self.places[name]
        return [page] if entry == name else [page, entry]

    def _write(self, folder: str, name: str, content: Any) -> None:
        """Write a file that gives its content to the script that asked for it."""
        write_script(self.out / folder / f"{name}.js", name, content)


def weight(entry: Mapping[str, Any], length: int) -> int:
    """About how many bytes of its page an entry takes, of which `length` is the size as it is kept.

    What it is searched and chosen by counts nothing, and a sign that markup writes longer counts so.
    """
    unseen = json.dumps([entry[name] for name in _UNSEEN], ensure_ascii=False, separators=(",", ":"))
    longer = len(escape(entry["text"])) - len(entry["text"])
    rows = len(entry["attributes"]) + len(entry["aligned"])
    return length - len(unseen.encode()) + longer + _ENTRY_BYTES + _ROW_BYTES * rows


class Rows:
    """What entries are chosen and sorted by, in files of many entries: the values of each choice as numbers.

    A column a choice, then day, likes, copies, and the kinds of comments that an entry has: 0 where all have the same
    values, else for each kind how many they are, and the value of each choice.
    """

    def __init__(self, choices: Sequence[Mapping[str, Any]], folder: Path) -> None:
        self.folder = folder
        self.numbers = [
            (choice["id"], {value: number for number, (value, _) in enumerate(choice["values"])}) for choice in choices
        ]
        self.starts: list[int] = []
        self._count = self._size = 0
        self._columns: list[list[Any]] = []

    def add(self, entry: Mapping[str, Any]) -> None:
        """Add the next entry."""
        day = dt.date.fromisoformat(entry["posted"]).toordinal() if len(entry["posted"]) == 10 else 0
        kinds = [[count, *self._values(groups)] for count, groups in entry["kinds"]]
        cells = [*self._values(entry["groups"]), day, entry["likes"] or 0, len(entry["copied"]), kinds or 0]
        size = len(json.dumps(cells, separators=(",", ":")))
        if not self._columns or self._size + size > ROWS_BYTES:
            self.finish()
            self.starts.append(self._count)
            self._columns = [[] for _ in cells]
            self._size = 0
        self._count += 1
        self._size += size
        for column, cell in zip(self._columns, cells, strict=True):
            column.append(cell)

    def _values(self, groups: Mapping[str, Sequence[str]]) -> list[Any]:
        """For each choice the number of the value, or a list of them where there are several or none."""
        values = [[number[value] for value in groups.get(name, ())] for name, number in self.numbers]
        return [own[0] if len(own) == 1 else own for own in values]

    def finish(self) -> list[int]:
        """Write what was added since; returns the first entry of each file."""
        if self._columns:
            name = f"rows-{len(self.starts)}"
            write_script(self.folder / f"{name}.js", name, self._columns)
            self._columns = []
        return self.starts


def write_script(path: Path, name: str, content: Any) -> None:
    """Write content as a script that hands it over under a name; nothing in it is run."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for sign in "\u2028\u2029<":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    path.write_text(f'briefPart("{name}",{text});\n', encoding="utf-8")
