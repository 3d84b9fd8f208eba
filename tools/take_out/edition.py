"""An earlier edition in its folder, and what is taken out of each of its files."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from take_out.manifest import NAME, again, parse
from take_out.stubs import empty_picture, pdf_of
from take_out.words import MARK, Words, without, words_of

NOTED = "altered.json"
#: A word of the search index, as a key of JSON and as one that is not taken for the prototype of an object.
_PLAIN, _ODD = '"__proto__":', '["__proto__"]:'
_ASIDE = re.compile(r'<aside class="altered".*?</aside>\s*', re.DOTALL)
_ARCHIVES = (".zip", ".xlsx", ".epub", ".docx", ".ods")
_HARMLESS = (".css", ".js", ".woff2", ".woff", ".ico", ".map")
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
_COMMENTS = "comments"
"""The folder of the pages of all comments."""
_NO_SEARCH = "removed: the words could be found by it"
_NO_PDF = f"This PDF is no longer here. A comment in it was withdrawn. {NOTED} says what was altered in this edition."


class Edition:
    """An earlier edition in its folder, from which comments are taken out."""

    def __init__(self, folder: Path, comments: list[dict[str, str]], names: list[str], publication: Path) -> None:
        self.folder, self.today = folder, publication
        texts = _texts(folder, comments)
        self.comments = [comment for comment in comments if texts[comment["id"]]]
        self.words = Words({text for shown in texts.values() for text in shown}, names, self._shown_today)
        self.spoken = {word for shown in texts.values() for text in shown for word in words_of(text)}
        cited = re.search(r"data ([0-9a-f]{12})", read(folder / "CITATION.cff"))
        self.digest = re.compile(rf"{cited[1]}[0-9a-f]*") if cited else None
        self.alterations: dict[str, dict[str, str]] = {}

    def _shown_today(self, runs: set[tuple[str, ...]], length: int) -> set[tuple[str, ...]]:
        """Those of the runs of so many words that the site of today shows."""
        shown: set[tuple[str, ...]] = set()
        for path in _pages(self.today):
            words = words_of(html.unescape(re.sub(r"<[^>]*>", " ", read(path))))
            shown |= runs.intersection(tuple(words[at : at + length]) for at in range(len(words) - length + 1))
        return shown

    def alter(self, on: str) -> bool:
        """Take the words out; returns whether anything was to be done."""
        paths = [path for path in sorted(self.folder.rglob("*")) if path.is_file() and path.name not in (NOTED, NAME)]
        unsearchable = self._search_of_comments(paths)
        # What cannot be searched comes last: it is replaced where anything else held the words.
        for path in sorted(paths, key=lambda path: (path.suffix.lower() in (".pdf", ".parquet"), path)):
            name = path.relative_to(self.folder).as_posix()
            before = path.read_bytes()
            after, how = (None, _NO_SEARCH) if path in unsearchable else self._altered(name, before)
            if after is None:
                path.unlink()
            elif after != before:
                path.write_bytes(after)
            if how:
                self.alterations[name] = {"how": how}
        if not self.alterations:
            return False
        drawn = {
            Path(name).name.split(".")[0] for name in self.alterations if Path(name).suffix in (".svg", ".csv", ".json")
        }
        for path in paths:
            if path.suffix.lower() in _PICTURES and path.name.split(".")[0] in drawn:
                path.write_bytes(empty_picture(path.read_bytes()))
                self.alterations[path.relative_to(self.folder).as_posix()] = {"how": "replaced by an empty picture"}
        self._search_index()
        self._describe(on)
        return True

    def _search_of_comments(self, paths: Iterable[Path]) -> list[Path]:
        """The files that all comments are searched by, if one of them holds the words: then all go, as one index."""
        files = [path for path in paths if path.parent == self.folder / _COMMENTS / "search"]
        texts = (read(path) for path in files)
        return files if self.comments or any(without("a.json", text, self.words) != text for text in texts) else []

    def _altered(self, name: str, content: bytes) -> tuple[bytes | None, str]:
        ending = Path(name).suffix.lower()
        if ending in _ARCHIVES:
            return self._archive(content)
        if ending == ".parquet" and (self.comments or self.alterations):
            return None, "removed: it cannot be searched for the words"
        if ending == ".pdf" and (self.comments or self.alterations):
            return pdf_of(_NO_PDF), "replaced by a page that says so"
        if ending in (*_HARMLESS, *_PICTURES, ".pdf", ".parquet"):
            return content, ""
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            return (None, "removed: it cannot be searched for the words") if self.comments else (content, "")
        new = without(name, _structural(name, text, self.comments), self.words)
        if self.comments and self.digest is not None:
            # Whoever has all other data could try out texts with it.
            new = self.digest.sub("altered", new)
        if without(name, new, self.words) != new:
            return None, "removed: the words could not be taken out of it"
        return new.encode(), "words taken out" if new != text else ""

    def _archive(self, content: bytes) -> tuple[bytes | None, str]:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                members = [(entry, archive.read(entry)) for entry in archive.infolist() if not entry.is_dir()]
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
            return None, "removed: it cannot be searched for the words"
        kept = [(entry, self._altered(entry.filename, inside)[0], inside) for entry, inside in members]
        if all(after == before for _, after, before in kept):
            return content, ""
        files = {entry.filename: after for entry, after, _ in kept if after is not None}
        _update_hashes(files)
        if NAME in files:
            files[NAME] = again(parse(files[NAME].decode()), files).text().encode()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, after, _ in kept:
                if after is not None:
                    archive.writestr(entry, files[entry.filename], entry.compress_type)
        return out.getvalue(), "rebuilt without the words"

    def _search_index(self) -> None:
        """Take words out of the index that the pages no longer hold."""
        path = self.folder / "searchindex.js"
        match = re.fullmatch(r"(Search\.setIndex\()(.*)(\)\s*;?\s*)", read(path), re.DOTALL)
        if match is None:
            return
        index = json.loads(match[2].replace(_ODD, _PLAIN))
        pages = [
            set(words_of(html.unescape(re.sub(r"<[^>]*>", " ", read(self.folder / f"{name}.html")))))
            for name in index["docnames"]
        ]
        for kind in ("terms", "titleterms"):
            for term in [term for term in index[kind] if any(_may_be(term, word) for word in self.spoken)]:
                listed = index[kind][term] if isinstance(index[kind][term], list) else [index[kind][term]]
                kept = [page for page in listed if any(_may_be(term, word) for word in pages[page])]
                if not kept:
                    del index[kind][term]
                elif kept != listed:
                    index[kind][term] = kept if len(kept) > 1 else kept[0]
        path.write_text(
            f"{match[1]}{json.dumps(index, ensure_ascii=False).replace(_PLAIN, _ODD)}{match[3]}", encoding="utf-8"
        )
        self.alterations["searchindex.js"] = {"how": "words taken out"}

    def _describe(self, on: str) -> None:
        """Say on each page, and for programs, what was altered, and bring the digests of files up to date."""
        before = json.loads(read(self.folder / NOTED) or "{}")
        ids = sorted({*before.get("comments", ()), *(comment["id"] for comment in self.comments)})
        counted = "A comment was" if len(ids) == 1 else f"{len(ids)} comments were"
        what = f"{counted} withdrawn" if ids else "A name was found that is not to be shown"
        note = f"{what} after this edition was published, and taken out of it. It was altered with the edition of {on}."
        for path in _pages(self.folder):
            name = path.relative_to(self.folder).as_posix()
            link = f'<a href="{"../" * name.count("/")}{NOTED}">What was altered</a>'
            notice = f"<strong>Altered.</strong> {note} {link}."
            aside = f'<aside class="altered" role="note"><p>{notice}</p></aside>\n'
            head, tag, rest = _divided(_ASIDE.sub("", read(path)))
            path.write_text(f"{head}{tag}\n{aside}{rest}" if tag else head, encoding="utf-8")
            self.alterations.setdefault(name, {"how": "note added"})
        files = {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }
        for name in _update_hashes(files):
            (self.folder / name).write_bytes(files[name])
            self.alterations.setdefault(name, {"how": "sizes and digests brought up to date"})
        listed = {**before.get("files", {}), **self.alterations}
        for name in listed:
            listed[name]["sha256"] = hashlib.sha256(files[name]).hexdigest() if name in files else ""
        content = {
            "altered_by": "withdrawal",
            "altered_with_edition": on,
            "comments": ids,
            "note": note,
            "files": dict(sorted(listed.items())),
        }
        (self.folder / NOTED).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _may_be(term: str, word: str) -> bool:
    """Whether a term of the search index may be the stem of a word."""
    return word.startswith(term) or (len(term) > 3 and word.startswith(term[:-1]))


def _update_hashes(files: dict[str, bytes]) -> list[str]:
    """Bring sizes and digests up to date in the files that describe others; returns which were changed."""
    changed = []
    for name, part, size in (
        ("datapackage.json", "resources", "bytes"),
        ("ro-crate-metadata.json", "@graph", "contentSize"),
    ):
        if name in files:
            described = json.loads(files[name])
            for entry in described.get(part, ()):
                content = files.get(str(entry.get("path", entry.get("@id"))))
                if content is not None and size in entry:
                    entry[size] = type(entry[size])(len(content))
                    if "hash" in entry:
                        entry["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
            new = (json.dumps(described, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
            if new != files[name]:
                files[name] = new
                changed.append(name)
    return changed


def read(path: Path) -> str:
    """The text of a file; empty where there is none."""
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _pages(folder: Path) -> list[Path]:
    """The pages of a site: those at its root, and those of all comments."""
    return sorted([*folder.glob("*.html"), *(folder / _COMMENTS).glob("*.html")])


def _divided(page: str) -> tuple[str, str, str]:
    """A page at the tag that its text begins with: what is before it, the tag, what is after it."""
    tag = re.search(r"<main\b[^>]*>|<body\b[^>]*>(?![\s\S]*<main\b)", page)
    return (page[: tag.start()], tag[0], page[tag.end() :]) if tag else (page, "", "")


def _block(comment_id: str) -> re.Pattern[str]:
    return re.compile(
        rf'(<article class="comment" id="{re.escape(comment_id)}"[^>]*>\s*<h3.*?</h3>)(.*?)(</article>)', re.DOTALL
    )


def _emptied(block: re.Match[str]) -> str:
    """A comment's block with its heading alone: not what it can be chosen by either."""
    head = re.sub(r' data-choices="[^"]*"', "", block[1])
    return f'{head}\n  <p class="quiet">{MARK}</p>\n{block[3]}'


def _texts(folder: Path, comments: Iterable[Mapping[str, str]]) -> dict[str, set[str]]:
    """The texts that an edition shows of each comment."""
    by_comment: dict[str, set[str]] = {}
    pages = [path.read_text(encoding="utf-8", errors="replace") for path in _pages(folder)]
    tables = [_rows(path.read_text(encoding="utf-8", errors="replace")) for path in sorted(folder.rglob("*.csv"))]
    for comment in comments:
        texts = by_comment.setdefault(comment["id"], set())
        for page in pages:
            for block in _block(comment["id"]).finditer(page):
                for quoted in re.findall(r'<blockquote class="verbatim"[^>]*>(.*?)</blockquote>', block[2], re.DOTALL):
                    texts.add(html.unescape(re.sub(r"<[^>]*>", "", quoted)))
        for rows in tables:
            texts.update(row["Text"] for row in rows if row.get("Text") and _is_row_of(row, comment))
        texts.discard("")
        texts.discard(MARK)
    return by_comment


def _rows(text: str) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return list(rows) if {"Comment", "Text"} <= set(rows.fieldnames or ()) else []


def _is_row_of(row: Mapping[str, str], comment: Mapping[str, str]) -> bool:
    return row.get("Comment", "").lstrip("'") in (comment["id"], comment["label"])


def _structural(name: str, text: str, comments: Iterable[Mapping[str, str]]) -> str:
    """A page without what it has under a comment's heading, a table without a comment's cells; pseudonyms as one."""
    for comment in comments:
        if name.endswith(".html"):
            text = _block(comment["id"]).sub(_emptied, text)
        if name.endswith(".csv") and any(_is_row_of(row, comment) for row in _rows(text)):
            rows = list(csv.reader(io.StringIO(text, newline="")))
            kept = [
                row
                if at == 0 or row[0].lstrip("'") not in (comment["id"], comment["label"])
                else [row[0], *[""] * (len(row) - 2), MARK]
                for at, row in enumerate(rows)
            ]
            out = io.StringIO(newline="")
            csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(kept)
            text = out.getvalue()
        text = text.replace(comment["pseudonym"], comment["pseudonym"].split()[0])
    return text
