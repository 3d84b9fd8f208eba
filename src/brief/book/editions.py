"""What a published edition said, and the difference between two.

An edition is kept as `data/editions/<date>[-n].json`: the value of each fact, the sentence of each statement, a digest
of each figure's data and picture, a digest of each comment's text and of each paragraph of an article. The digests are
under the key of the brief, but for those of paragraphs. These
records are not among the data that the digest of the data is over: recording an edition does not make another of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brief.book.check import examine
from brief.book.contents import chosen
from brief.book.records import PARTS, names, read_record
from brief.book.snapshot import Snapshot
from brief.contract.inputs import EDITIONS
from brief.contract.journal import move_in, staging, writing
from brief.data import keys
from brief.errors import BriefError, fail
from brief.findings.facts import Fact
from brief.prose.catalogue import message, noun, say, speaking
from brief.prose.language import long_date, only_noun
from brief.prose.mentions import pointing, render_with

if TYPE_CHECKING:
    from brief.data.brief import Brief

NOW = "now"
#: Beyond this many comments, their digests are kept as one: what changed is then told as a whole.
MOST_COMMENTS = 10_000
_KEYED = ("figures", "comments")
_UNCOMPARED = "not compared"
_NEWER_COPY = "a newer copy of the page was added"
_NOUNS = {
    "paragraphs": noun("paragraph", "paragraphs"),
    "facts": noun("fact", "facts"),
    "statements": noun("statement", "statements"),
    "figures": noun("figure", "figures"),
    "comments": noun("comment", "comments"),
}
_HOWS = {
    name: name
    for name in (message("added"), message("changed"), message("edited"), message("gone"), message("withdrawn"))
}


@dataclass(frozen=True)
class Change:
    """A change between two editions: in which part, of what, and before and after (empty: it was not there).

    `note` is why the text of an article was changed, as the ledger has it.
    """

    part: str
    name: str
    how: str
    before: str = ""
    after: str = ""
    note: str = ""


def current(root: Path, key: str = "") -> dict[str, Any]:
    """What the brief at `root` says now. Raises `BriefError` with every fault of data and chapters.

    Digests of comments and figures are under a key; without one they are bare, which is not to be kept.
    """
    checked = examine(root)
    if checked.faults or checked.snapshot is None:
        raise BriefError(checked.faults)
    snapshot = checked.snapshot
    # Only here: a build that has nothing to do reads no tables.
    from brief.data.loading import load

    brief = load(root)
    statements = {}
    with speaking(snapshot.facts_json["topic"]["language"], root):
        for _, statement in checked.book.statements():
            part = chosen(statement, snapshot.facts)
            statements[statement.statement_id] = _sentence(part.text, snapshot.facts) if part else ""
    head = {"key": keys.name_of(key)} if key else {}
    return head | {
        "edition": snapshot.content["topic"]["edition"],
        "data_digest": snapshot.content["data_digest"],
        "facts": {name: str(fact.as_json()["printed"]) for name, fact in snapshot.facts.items()},
        "statements": {name: sentence for name, sentence in statements.items() if sentence},
        "figures": {name: _under(key, digest) for name, digest in _figures(snapshot).items()},
        "paragraphs": dict(_paragraphs(brief)),
        "comments": {name: _under(key, digest) for name, digest in _comments(brief).items()},
    }


def _under(key: str, digest: str) -> str:
    """A digest under a key, if there is one."""
    return keys.keyed(key, digest) if key else digest


def _sentence(text: str, facts: Mapping[str, Fact]) -> str:
    named = pointing(text)
    return " ".join(render_with(named, lambda mention, opens: mention.text(facts, opens)).split())


def _figures(snapshot: Snapshot) -> dict[str, str]:
    digests = {}
    for name, figure in snapshot.content["figures"].items():
        if "unavailable" not in figure:
            files = (snapshot.exhibits / "files" / f"{name}.{ending}" for ending in ("csv", "json"))
            digests[name] = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
    return digests


def _paragraphs(brief: Brief) -> Iterator[tuple[str, str]]:
    """The digest of each paragraph and headline: bare, as in the ledger, since articles are published."""
    from brief.data import ledger

    for article in brief.articles:
        yield f"{article.article_id}#headline", ledger.fingerprint(article.title)[:16]
        for number, text in enumerate(article.paragraphs, start=1):
            yield ledger.paragraph_item(article.article_id, number), ledger.fingerprint(text)[:16]


def _comments(brief: Brief) -> dict[str, str]:
    total = hashlib.sha256()
    digests: dict[str, str] = {}
    from brief.findings.passes import fingerprints

    for name, digest in fingerprints(brief):
        total.update(f"{name} {digest}\n".encode())
        if len(digests) <= MOST_COMMENTS:
            digests[name] = digest[:16]
    return digests if len(digests) <= MOST_COMMENTS else {"all comments": total.hexdigest()[:16]}


def record(root: Path) -> str:
    """Keep what the brief says now as an edition; returns its name.

    Raises `BriefError` for a brief with faults, and where the newest record of the same date says the same already.
    """
    with writing(root):
        return _record(root)


def _record(root: Path) -> str:
    # Here, because it loads tables, and a build that has nothing to do needs none.
    from brief.store import keying

    record = current(root, keying.key_for_new(root))
    folder = root / EDITIONS
    same_day = [name for name in names(root) if name.startswith(record["edition"])]
    if same_day and read(root, same_day[-1]) == record:
        raise fail(f"the edition {same_day[-1]} is recorded already", "Nothing needs to be done.", EDITIONS)
    name = record["edition"] if not same_day else f"{record['edition']}-{len(same_day) + 1}"
    files = {f"{EDITIONS}/{name}.json": keying.as_record(record), **dict(keying.records_keyed(root))}
    with staging(root) as staged:
        for file, text in files.items():
            (staged / file).parent.mkdir(parents=True, exist_ok=True)
            (staged / file).write_text(text, encoding="utf-8")
        folder.mkdir(parents=True, exist_ok=True)
        move_in(root, staged, list(files))
    return name


def read(root: Path, name: str, beside: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A recorded edition, or with the name "now" what the brief says now.

    Its digests are then under the key of the record `beside`, if that is at hand. Raises `BriefError` for an unknown
    name.
    """
    if name == NOW:
        at_hand = keys.at_hand(root)
        key = at_hand[-1:] if beside is None else (keys.named(at_hand, str(beside.get("key", ""))),)
        return current(root, next(iter(key), "") or "")
    known = names(root)
    if name not in known:
        listed = ", ".join([*known, NOW])
        raise fail(f"there is no edition '{name}'", f"Name one of: {listed}; brief record-edition keeps one.", EDITIONS)
    return read_record(root, name)


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What changed from one edition to another: facts, statements, figures, comments, each sorted by name."""
    changes = []
    for part in PARTS:
        if part not in old or part not in new:
            if part in old or part in new:
                changes.append(Change(part, say("one of the two records is too early to hold them"), _UNCOMPARED))
            continue
        before, after = old[part], new[part]
        if part in _KEYED and before and after and old.get("key") != new.get("key"):
            changes.append(Change(part, say("their digests are under another key, or it is not at hand"), _UNCOMPARED))
            continue
        for name in sorted({*before, *after}):
            if before.get(name) == after.get(name):
                continue
            how = "changed" if name in before and name in after else "added" if name in after else "gone"
            if part == "comments":
                how = "withdrawn" if after.get(name) == "withdrawn" else how
                how = {"changed": "edited", "gone": "withdrawn"}.get(how, how)
            values = (str(before.get(name, "")), str(after.get(name, ""))) if part in ("facts", "statements") else ()
            changes.append(Change(part, name, how, *values))
    return changes


def noted(root: Path, changes: Sequence[Change]) -> list[Change]:
    """The changes, those of an article's text with the reason that the ledger has for the last one."""
    from brief.data.loading import load

    rows = load(root).ledger
    again = rows[rows["item"].duplicated() & rows["event"].isin(["article", "edit"])]
    reasons = {item: note or _NEWER_COPY for item, note in zip(again["item"], again["note"], strict=True)}
    return [
        replace(change, note=reasons.get(change.name, "")) if change.part == "paragraphs" else change
        for change in changes
    ]


def in_words(changes: list[Change]) -> str:
    """Changes in a few words, counted by part and by how: "2 facts changed, 1 comment added"."""
    counted = Counter((change.part, change.how) for change in changes if change.how != _UNCOMPARED)
    parts = [
        say("{number} {noun} {how}", number=number, noun=only_noun(*_NOUNS[part])[number > 1], how=say(_HOWS[how]))
        for (part, how), number in counted.items()
    ]
    return ", ".join(parts) or say("nothing changed")


def printed_name(name: str) -> str:
    """The name of an edition as it is read: its date, and which record of that date it is, if not the first."""
    date, again = long_date(dt.date.fromisoformat(name[:10])), name[11:]
    return f"{date} ({again})" if again else date


def revisions(root: Path) -> list[tuple[str, str, str]]:
    """The recorded editions, the oldest first: name, the one before it, what changed from that (of the first: empty).

    Raises `BriefError` where a record cannot be read.
    """
    known = names(root)
    records = {name: read(root, name) for name in known}
    pairs = zip(["", *known], known, strict=False)
    return [(name, old, in_words(difference(records[old], records[name])) if old else "") for old, name in pairs]


def altered(root: Path, name: str) -> int:
    """How many comments were taken out of an edition after it was recorded."""
    comments = read(root, name).get("altered", {})
    return len(comments) if isinstance(comments, dict) else 0


def printed(changes: list[Change]) -> str:
    """Changes as text for people: part by part, before and after where they are words."""
    lines = []
    for part in PARTS:
        own = [change for change in changes if change.part == part]
        lines.append(f"{part}: {'no change' if not own else len(own)}")
        for change in own:
            lines.append(f"  {change.how:<9} {change.name}")
            lines += [f"    - {change.before}"] * bool(change.before) + [f"    + {change.after}"] * bool(change.after)
            lines += [f"    why: {change.note}"] * bool(change.note)
    return "\n".join(lines)
