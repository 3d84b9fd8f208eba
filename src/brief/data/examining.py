"""The data of a brief, examined as a whole: every fault at once, and the brief where there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from brief.contract import checking, comment_files, files, inputs, modules, tables
from brief.contract.tables import Column
from brief.data import (
    appraisal,
    claims,
    examining_comments,
    glossary,
    keys,
    ledger,
    makers,
    places,
    privacy,
    samples,
    unshown,
    voices,
)
from brief.data.appraisal import Appraisal
from brief.data.bibliography import SOURCES
from brief.data.brief import GONE, HIDDEN, WITHDRAWN, WITHOUT_TEXT, Brief
from brief.data.claims import ClaimRegister
from brief.data.plan import examine as examine_plan
from brief.data.shapes import (
    FORMER_KEYS,
    Article,
    Codebook,
    Collection,
    Topic,
    article_from,
    codebook_from,
    collection_from,
    faults_of,
    topic_from,
    unknown_attributes,
)
from brief.errors import BriefError, Fault
from brief.prose.folding import is_invisible
from brief.prose.masking import Masking

_BRIEF, _CODEBOOK, _CODERS = "data/brief.yml", "data/codebook.yml", makers.CODERS


@dataclass(frozen=True)
class Examined:
    """The brief (None where it cannot be put together), every fault, and whether all texts could be read."""

    brief: Brief | None
    faults: list[Fault]
    texts_read: bool


def examine(root: Path) -> Examined:
    """Read and check all data at `root`. Nothing is raised, whatever they hold."""
    examiner = _Examiner(root)
    brief = examiner.brief()
    faults = [fault for fault in examiner.faults if examiner.unread.isdisjoint(fault.looked_in)]
    return Examined(brief, faults, examiner.unread.isdisjoint({"articles", "comments"}))


class _Examiner:
    """Gathers faults while it reads. What refers to a part that could not be read is not checked against it: one
    broken file would be told many times over.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.faults: list[Fault] = []
        self.unread: set[str] = set()
        self.no_lists = False
        self.quoted: dict[str, str] = {}
        self.coded: dict[str, pd.DataFrame] = {}
        self.authors: dict[str, str] = {}
        self.columns: set[str] = set()
        self.stance_only: set[str] = set()

    def fault(self, what: str, remedy: str, file: str, row: int | None = None, column: str = "") -> None:
        self.faults.append(Fault(what, remedy, file, row, column))

    def brief(self) -> Brief | None:
        recorded = self.csv("data/ledger.csv", tables.LEDGER, needed=False)
        self.faults += places.examine(self.root)
        came_in = ledger.current(recorded, self.keys_at_hand())
        topic, keys = self.topic()
        if ledger.FILE not in self.unread:
            self.faults += ledger.faults_of(keys.get("ledger"), recorded)
        articles = self.articles(keys, came_in)
        self.faults += faults_of(self.root, topic, articles.values()) if topic else []
        collections = self.collections(keys, articles)
        codebook = self.codebook()
        coders = makers.examine(self)
        register = ClaimRegister(*(self.csv(file, columns, needed=False) for file, columns in claims.FILES.items()))
        self.quoted = dict.fromkeys(register.claims["item"], "")
        self.decided = privacy.Decided(self)
        known = examining_comments.examine(self, collections, came_in)
        self.faults += unknown_attributes(topic, self.columns) if topic and "comments" not in self.unread else []
        codings = self.codings(codebook, coders, known)
        pieces = voices.examine(self, articles, codebook, list(coders["coder_id"]))
        samples.examine(self, known)
        if topic is not None and topic.coder:
            self.known_coder(topic.coder, coders, _BRIEF, None, "coder")
        if _CODERS not in self.unread:
            makers.examine_codings(self, topic, coders, self.coded)
        there = None if "comments" in self.unread else known
        self.decided.examine(there, WITHDRAWN)
        masking = Masking(self.authors, self.decided.decisions)
        self.quoted = privacy.shown(self.root, topic.language if topic else "", masking, self.quoted)
        sources, faults = claims.examine(self.root, register, articles.values(), self.quoted, there)
        self.unread.update(fault.file for fault in faults if fault.file == SOURCES and not sources)
        themes = [code.id for code in codebook.themes] if codebook else []
        self.faults += [*faults, *claims.alignment_faults(register, there, themes, list(coders["coder_id"]), codings)]
        appraised = Appraisal(*(self.csv(file, columns, needed=False) for file, columns in appraisal.FILES.items()))
        self.faults += appraisal.examine(appraised, sources, list(coders["coder_id"]))
        terms, planned = glossary.examine(self, sources), examine_plan(self)
        if topic is None:
            return None
        gone = {name for name, status in known.items() if status in (*HIDDEN, WITHOUT_TEXT)}
        shown = codings[~codings["comment_id"].isin(gone)]
        return Brief(
            self.root,
            topic,
            tuple(articles.values()),
            tuple(collections),
            codebook,
            coders,
            shown.reset_index(drop=True),
            pieces,
            recorded,
            register.without(gone),
            appraised,
            sources,
            inputs.data_digest(self.root),
            self.csv("data/corrections.csv", tables.CORRECTIONS, needed=False),
            terms,
            masking,
            sum(status == WITHOUT_TEXT for status in known.values()),
            tuple(name for name, status in known.items() if status == WITHDRAWN),
            sum(status == GONE for status in known.values()),
            frozenset(self.stance_only),
            planned,
            unshown.codings(self.coded, known),
        )

    # Files ---------------------------------------------------------------------------------------------------------

    def csv(self, file: str, columns: tuple[Column, ...], needed: bool = True) -> pd.DataFrame:
        """A CSV file with every column of the contract; empty where it is missing or cannot be read."""
        names = [column.name for column in columns]
        if not needed and not (self.root / file).is_file():
            return files.no_rows(*names)
        try:
            frame = files.read_csv(self.root / file, file)
        except BriefError as error:
            self.faults += (replace(fault, kind="unreadable") for fault in error.faults)
            self.unread.add(file)
            return files.no_rows(*names)
        if columns is tables.CODINGS and "themes" not in frame:
            self.stance_only.add(Path(file).stem)
        self.faults += checking.check_frame(frame, columns, file)
        if any(column.required and column.name not in frame for column in columns):
            self.unread.add(file)
            return files.no_rows(*names)
        return frame if list(frame) == names else frame.reindex(columns=names, fill_value="").astype("str")

    def keys_at_hand(self) -> tuple[str, ...]:
        try:
            return keys.at_hand(self.root)
        except BriefError as error:
            self.faults += error.faults
            return ()

    def yaml(self, file: str) -> Any:
        try:
            return files.read_yaml(self.root / file, file)
        except BriefError as error:
            self.faults += error.faults
            self.unread.add(file)
            return None

    def keys(self, mapping: Any, columns: tuple[Column, ...], file: str, where: str = "") -> bool:
        """Check the keys of a mapping by the contract; True where they can be used."""
        if not isinstance(mapping, Mapping):
            self.fault("here keys are expected", "Write key: value, one a line.", file, None, where)
            return False
        known = {column.name: column for column in columns}
        before = len(self.faults)
        for name in mapping:
            if name not in known:
                remedy = FORMER_KEYS.get(str(name)) or f"Use these keys: {', '.join(known)}."
                self.fault(f"the key '{name}' is unknown", remedy, file, None, where)
        for name, column in known.items():
            value = mapping.get(name)
            place = f"{where} {name}".strip()
            if value is None or (isinstance(value, str) and is_invisible(value)):
                if column.required or value:
                    what = "the key is missing or empty" if column.required else "the key has no text that anybody sees"
                    self.fault(
                        what, "Add it." if column.required else "Write it, or remove the key.", file, None, place
                    )
            elif wrong := checking.wrong_value(value, column):
                self.fault(wrong[0], wrong[1], file, None, place)
        return len(self.faults) == before

    # Parts ---------------------------------------------------------------------------------------------------------

    def topic(self) -> tuple[Topic | None, Mapping[str, Any]]:
        keys = self.yaml(_BRIEF)
        if not isinstance(keys, Mapping):
            if _BRIEF not in self.unread:
                self.fault("here keys are expected", "Write key: value, one a line.", _BRIEF)
            self.unread |= {"articles", "comments"}
            self.no_lists = True
            return None, {}
        sound = self.keys(keys, tables.BRIEF_KEYS, _BRIEF)
        self.twice(map(str, _list(keys.get("modules"))), "module", _BRIEF, "modules")
        for name in _list(keys.get("modules")) if sound else ():
            try:
                module = modules.load(str(name))
                self.faults += module.examine(self.root) if hasattr(module, "examine") else []
            except BriefError as error:
                self.faults += error.faults
        return (topic_from(keys) if sound else None), keys

    def articles(self, keys: Mapping[str, Any], recorded: Mapping[str, ledger.Recorded]) -> dict[str, Article]:
        listed = [str(name) for name in _list(keys.get("articles"))]
        self.twice(listed, "article", _BRIEF, "articles")
        articles: dict[str, Article] = {}
        for name in listed:
            file = f"data/articles/{name}.md"
            try:
                front, paragraphs = files.read_article(self.root / file, file)
            except BriefError as error:
                self.faults += error.faults
                self.unread.add("articles")
                continue
            if not self.keys(front, tables.ARTICLE_KEYS, file):
                self.unread.add("articles")
                continue
            if front["article_id"] != name:
                what = f"the article_id is '{front['article_id']}'"
                self.fault(what, f"Write {name}, as the file.", file, None, "article_id")
            if not paragraphs:
                self.fault("the article has no text", "Write its paragraphs below the front matter.", file)
            articles[name] = article_from(front, paragraphs)
            for number, text in enumerate(paragraphs, start=1):
                item = ledger.paragraph_item(name, number)
                self.changed(recorded, item, text, file, f"paragraph {number}")
                if is_invisible(text):
                    self.fault(f"paragraph {number} has no text that anybody sees", "Write it, or remove it.", file)
            for item in ledger.lost_paragraphs(recorded, name, len(paragraphs)):
                remedy = f"Put it back, or record the edit: brief record-edit {item} --note WHY."
                self.fault(f"the paragraph '{item}' that came in is no longer there", remedy, file)
        self.unlisted("articles", ".md", listed)
        return articles

    def collections(self, keys: Mapping[str, Any], articles: Mapping[str, Article]) -> list[Collection]:
        collections: list[Collection] = []
        listed = _list(keys.get("collections"))
        for place, entry in enumerate(listed, start=1):
            where = f"collections {place}"
            if not self.keys(entry, tables.COLLECTION_KEYS, _BRIEF, where):
                self.unread.add("comments")
                continue
            collection = collection_from(entry)
            if (collection.article_id is None) == (collection.question is None):
                what = "a collection belongs to an article or to a question"
                self.fault(what, "Give it either key.", _BRIEF, None, where)
            elif collection.article_id and collection.article_id not in articles and "articles" not in self.unread:
                what = f"the article '{collection.article_id}' is not in this brief"
                self.fault(what, "List it under articles, or correct the name.", _BRIEF, None, where)
            collections.append(collection)
        names = [str(entry["id"]) for entry in listed if isinstance(entry, Mapping) and entry.get("id")]
        self.twice(names, "collection", _BRIEF, "collections")
        for ending in (".csv", comment_files.ENDING):
            self.unlisted("comments", ending, names)
        return collections

    def twice(self, names: Iterable[Any], kind: str, file: str, where: str = "") -> None:
        for name, times in Counter(names).items():
            if times > 1:
                self.fault(f"the {kind} '{name}' is listed twice", "Rename or remove one.", file, None, where)

    def unlisted(self, folder: str, ending: str, listed: Iterable[str]) -> None:
        if self.no_lists:
            return
        for path in sorted((self.root / "data" / folder).glob(f"*{ending}")):
            if path.stem not in set(listed) and not path.name.startswith((".", "README")):
                key = "articles" if folder == "articles" else "collections"
                remedy = f"List it in {_BRIEF} under {key}, or remove it."
                self.fault("the file belongs to nothing that is listed", remedy, f"data/{folder}/{path.name}")

    def changed(
        self,
        recorded: Mapping[str, ledger.Recorded],
        item: str,
        text: str,
        file: str,
        where: str,
        row: int | None = None,
    ) -> None:
        if ledger.differs(recorded, item, text):
            self.fault(
                f"{where + ': ' if where else ''}the text of '{item}' is not the one that came in",
                f"Put the text back, or record the edit: brief record-edit {item} --note WHY.",
                file,
                row,
                "" if where else "text",
            )

    def codebook(self) -> Codebook | None:
        if not (self.root / _CODEBOOK).is_file():
            return None
        keys = self.yaml(_CODEBOOK)
        if _CODEBOOK in self.unread or not self.keys(keys, tables.CODEBOOK_KEYS, _CODEBOOK):
            self.unread.add(_CODEBOOK)
            return None
        sound = True
        for kind in ("stances", "certainties", "themes", "voices"):
            codes = _list(keys.get(kind))
            for place, code in enumerate(codes, start=1):
                sound &= self.keys(code, tables.CODE_KEYS, _CODEBOOK, f"{kind} {place}")
            self.twice((str(code.get("id")) for code in codes if isinstance(code, Mapping)), "code", _CODEBOOK, kind)
        if not sound:
            self.unread.add(_CODEBOOK)
        return codebook_from(keys) if sound else None

    def codings(self, codebook: Codebook | None, coders: pd.DataFrame, known: Mapping[str, str]) -> pd.DataFrame:
        names = ["coder_id", *(column.name for column in tables.CODINGS)]
        frames = [files.no_rows(*names)]
        for path in sorted((self.root / "data" / "codings").glob("*.csv")):
            file = f"data/codings/{path.name}"
            self.known_coder(path.stem, coders, file)
            frame = self.csv(file, tables.CODINGS)
            for row, coding in enumerate(files.records(frame), start=2):
                self.coding(coding, file, row, codebook, known)
            for name in sorted(frame["comment_id"][frame["comment_id"].duplicated()].unique()):
                self.fault(f"the comment '{name}' is coded twice", "Keep one row.", file, None, "comment_id")
            self.coded[path.stem] = frame
            frames.append(frame.assign(coder_id=path.stem)[names])
        return pd.concat(frames, ignore_index=True)

    def known_coder(self, name: str, coders: pd.DataFrame, file: str, row: int | None = None, column: str = "") -> None:
        if name not in set(coders["coder_id"]) and _CODERS not in self.unread:
            self.fault(f"the coder '{name}' is unknown", f"Describe the coder in {_CODERS}.", file, row, column)

    def no_codebook(self, file: str) -> None:
        if _CODEBOOK not in self.unread:
            self.fault("there is no codebook to code with", f"Write {_CODEBOOK}.", file)

    def coding(
        self, coding: Mapping[str, str], file: str, row: int, codebook: Codebook | None, known: Mapping[str, str]
    ) -> None:
        if coding["comment_id"] not in known and "comments" not in self.unread:
            what = f"there is no comment '{coding['comment_id']}'"
            self.fault(what, "Correct the id or remove it.", file, row, "comment_id")
        if codebook is None:
            self.no_codebook(file)
            return
        if coding["codebook_version"] != codebook.version:
            version = coding["codebook_version"]
            what = f"it was coded with version {version} and the codebook is version {codebook.version}"
            remedy = "Code it again with the codebook of today, or remove the row."
            self.fault(what, remedy, file, row, "codebook_version")
        for column, codes in (
            ("stance", codebook.stances),
            ("stance_in_thread", codebook.stances),
            ("certainty", codebook.certainties),
            ("themes", codebook.themes),
        ):
            ids = [code.id for code in codes]
            for name in (part.strip() for part in coding[column].split(";")):
                if name and name not in ids:
                    remedy = f"Use one of: {', '.join(ids) or '(none is defined)'}; or add it to {_CODEBOOK}."
                    self.fault(f"'{name}' is not in the codebook", remedy, file, row, column)


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else []
