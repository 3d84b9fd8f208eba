"""Tables of strangers: which of their columns is the text, the author, the date; the rest become attributes.

A reader gives rows with the names that its format uses; here they get the names of the contract. A column whose name
says what it holds is taken by its name. Where no name says which column holds the text, the one with the longest
different texts is proposed and told, and `--map text=NAME` says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from slugify import slugify

from brief.contract.checking import is_language
from brief.contract.tables import COMMENTS, EXTRA_COLUMN, WHOLE_NUMBER
from brief.errors import fail
from brief.prose.folding import is_invisible
from brief.store import dates

FIELDS = tuple(column.name for column in COMMENTS)
_NUMBERS = ("position", "likes", "votes_for", "votes_against")
_DATES = ("posted_at", "edited_at")

#: By which names exports call the columns of the contract, without case and signs; the first that is there is taken.
_CALLED: Mapping[str, tuple[str, ...]] = {
    "text": (
        *("text", "comment", "commentbody", "commenttext", "commentcontent", "body", "message", "content", "selftext"),
        *("response", "responsetext", "answer", "statement", "opinion", "feedback", "review", "textoriginal"),
        *("contentrendered", "contenttext", "bodytext", "cooked", "textdisplay", "commenthtml", "bodyhtml"),
        *(
            "kommentar",
            "antwort",
            "beitrag",
            "stellungnahme",
            "meinung",
            "anmerkung",
            "commentaire",
            "reponse",
            "texte",
            "contribution",
        ),
        *("comentario", "respuesta", "texto", "commento", "reactie", "コメント", "意見", "本文", "回答"),
    ),
    "author": (
        *("author", "authorname", "commentauthor", "authordisplayname", "username", "user", "displayname", "nickname"),
        *("name", "fullname", "by", "submitter", "postedby", "autor", "verfasser", "auteur", "nom", "nombre", "投稿者"),
        *("userusername", "userdisplayname", "userlogin", "authorusername", "memberdisplayname", "creatorname"),
    ),
    "posted_at": (
        *("postedat", "posteddate", "dateposted", "publishedat", "createdat", "created", "createdutc", "datetime"),
        *("date", "timestamp", "time", "submitted", "submittedat", "submissiondate", "receiveddate", "recordeddate"),
        *(
            "commentdate",
            "submitteddate",
            "datesubmitted",
            "responsedate",
            "when",
            "datum",
            "zeitstempel",
            "abgegebenam",
            "eingegangenam",
            "erstelltam",
            "fecha",
            "日付",
            "投稿日時",
        ),
    ),
    "comment_id": ("commentid", "id", "documentid", "responseid", "postid", "messageid", "rowid", "ident"),
    "parent_id": ("parentid", "parentcommentid", "replyto", "inreplyto", "inreplytoid", "replytoid", "parent"),
    "likes": ("likes", "likecount", "upvotes", "ups", "thumbsup", "recommendations", "points", "score"),
    "votes_for": ("votesfor", "agrees", "agree"),
    "votes_against": ("votesagainst", "disagrees", "disagree", "dislikes", "downvotes"),
    "language": ("language", "lang", "locale"),
    "status": (),
    "position": (),
    "edited_at": ("editedat", "updatedat", "edited"),
    "source": (),
}
#: Columns that hold how to reach or find a person: no brief needs them, so they are not stored.
_PERSONAL = re.compile(
    r"e?mail|emailaddress|authoremail|commentauthoremail|.*emailaddress|ip|ipaddress|.*ipaddress|remoteaddr|hostaddress"
    r"|commentauthorip|phone|phonenumber|telephone|mobile|tel|fax|street|streetaddress|address|postaladdress"
    r"|dateofbirth|birthday|recipientemail|recipientfirstname|recipientlastname|useragent|commentagent"
    r"|locationlatitude|locationlongitude|(?:whatis)?youremail(?:address)?\w{0,12}|(?:whatis)?your(?:full)?name\w{0,12}|firstname|lastname|surname"
)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_GROUPED = re.compile(r"\d{1,3}(?:([,. \u00a0\u202f])\d{3})(?:\1\d{3})*")
_NO_PARENTS = {"0", "-1", "null", "none", "None", "NULL", "nil", "root"}
"""What stands for no comment where a column says which one is answered, unless a comment is called so."""
_LONGEST_NAME = 80
_FREE_WORDS, _FREE_SIGNS = 3, 8
"""An answer in free words has so many words, or, where none are between spaces, so many signs."""
_CLOSED, _UNLIKE = 8, 0.5
"""A column with so few different answers, given again and again, is a closed question."""
_NO_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NO_WORDS = re.compile(r"[\W\d_]*|https?://\S+")


@dataclass
class Tidied:
    """Rows with the names of the contract, and what the preview tells: what was done, and what was guessed."""

    rows: pd.DataFrame
    messages: list[str] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)


def tidied(
    frame: pd.DataFrame, file: str, wanted: Sequence[str] = (), order: str = "", language: str = "", first_row: int = 2
) -> Tidied:
    """The rows of an export as comments.

    In: a frame of texts with any columns, each name once; `wanted` are `FIELD=COLUMN` as the caller gives them, where
    an empty COLUMN says that no column is meant; `order` the order of numeric dates, `language` the brief's; the first
    row stands in row `first_row` of `file`. Out: columns of the contract, `attr_...` for the others; ids as the export
    gives them. Rows without a text are left out and counted. Raises `BriefError` for a `--map` that names what is not
    there, and where no column can hold the text.
    """
    result = Tidied(frame)
    taken = _taken(frame, file, wanted, result, first_row)
    kept = {name: column for name, column in taken.items() if column}
    others = [str(name) for name in frame.columns if str(name) not in kept.values()]
    rows = pd.DataFrame({name: frame[column].astype("str") for name, column in kept.items()}, index=frame.index)
    attributes = dict(_attributes(frame, others, result))
    for name, cells in attributes.items():
        rows[name] = cells
    empty = rows["text"].map(is_invisible).astype("bool")
    if "status" in rows:
        empty &= rows["status"] != "withdrawn"
    if int(empty.sum()):
        result.messages.append(f"Rows without a text, left out: {int(empty.sum())}.")
    rows = rows[~empty].reset_index(drop=True)
    if "parent_id" in rows:
        ids = set(rows["comment_id"]) if "comment_id" in rows else set()
        rows["parent_id"] = rows["parent_id"].where(~rows["parent_id"].isin(_NO_PARENTS - ids), "")
    _numbers(rows, result)
    _dates(rows, result, order, language)
    _languages(rows, result)
    result.rows = rows.drop(columns=[name for name in rows if name != "text" and not rows[name].any()])
    return result


def by_name(names: Iterable[str]) -> dict[str, str]:
    """Which columns say by their names what they hold: the name of the contract, and the column's own."""
    named: dict[str, str] = {}
    for name in names:
        named.setdefault(_folded(name), name)
    columns = {column_name: name for name in names for column_name in FIELDS if name == column_name}
    for column_name, called in _CALLED.items():
        column = next((named[name] for name in called if name in named and named[name] not in columns.values()), None)
        if column_name not in columns and column is not None:
            columns[column_name] = column
    return columns


# Which column is which ----------------------------------------------------------------------------------------------


def _taken(frame: pd.DataFrame, file: str, wanted: Sequence[str], result: Tidied, first_row: int) -> dict[str, str]:
    """The column for each name of the contract: as the caller says, else by its name, else proposed."""
    names = [str(name) for name in frame.columns]
    said = dict(_said(wanted, names, file, first_row))
    taken = {column: name for column, name in by_name(names).items() if name not in said.values()} | said
    if "text" in taken:
        if taken["text"] != "text" and "text" not in said:
            result.guesses.append(f"The text is the column “{taken['text']}”; --map text=NAME says otherwise.")
    else:
        free = [name for name in names if name not in taken.values()]
        taken["text"], *others = _proposed(frame, free, file, first_row)
        first = "; ".join(f"“{_short(text)}”" for text in frame[taken["text"]] if text.strip() and len(text) > 1)[:200]
        further = f" Free texts stand in {', '.join(f'“{_short(name)}”' for name in others)} too." if others else ""
        result.guesses.append(
            f"The text is taken from the column “{taken['text']}”, which has the longest: {first}; "
            f"--map text=NAME says otherwise.{further}"
        )
    for column, name in taken.items():
        if name and column not in ("text", *said) and _folded(name) != _folded(column):
            result.guesses.append(
                f"{column} is the column “{name}”; --map {column}= takes none, --map {column}=NAME another."
            )
    return taken


def _said(wanted: Sequence[str], names: Sequence[str], file: str, first_row: int) -> Iterator[tuple[str, str]]:
    """What the caller says of columns. Raises `BriefError` for what is neither a name of the contract nor a column."""
    for pair in wanted:
        column, sign, name = pair.partition("=")
        if not sign or column not in FIELDS:
            raise fail(f"--map {pair} names no column of comments", f"Write one of {', '.join(FIELDS)}, =, a column.")
        matching = [there for there in names if there == name] or [there for there in names if there.strip() == name]
        if name and not matching:
            # A question may be long: its first words are enough where no other column begins so.
            begun = [there for there in names if there.casefold().startswith(name.casefold())]
            matching = begun if len(begun) == 1 else []
        if name and not matching:
            there = ", ".join(f"“{_short(there)}”" for there in names[:40])
            raise fail(f"there is no column “{name}”", f"Name one of these: {there}.", file, first_row - 1)
        if column == "text" and not name:
            raise fail("a comment needs a text", "Name a column: --map text=NAME.")
        yield column, matching[0] if name else ""


def _proposed(frame: pd.DataFrame, names: Sequence[str], file: str, first_row: int) -> list[str]:
    """The columns that may hold the text, the likeliest first: most words, hardly two alike.

    Raises `BriefError` where none is: numbers, addresses and answers of a word or two are no comments.
    """
    weights: dict[str, float] = {}
    for name in names:
        filled = [text for text in frame[name] if text.strip()]
        if (
            not filled
            or _PERSONAL.fullmatch(_folded(name))
            or all(_NO_WORDS.fullmatch(text.strip()) for text in filled)
        ):
            continue
        words = sum(len(text.split()) for text in filled) / len(filled)
        signs = sum(map(len, filled)) / len(filled)
        unlike = len(set(filled)) / len(filled)
        if unlike < _UNLIKE and len(set(filled)) <= _CLOSED:
            continue
        free = words >= _FREE_WORDS or (signs >= _FREE_SIGNS and any(map(_NO_SPACES.search, filled)))
        if (free or len(frame.columns) == 1) and not all(_MAIL.fullmatch(text) for text in filled):
            weights[name] = (words + signs / 6) * unlike * min(1.0, 0.2 + len(filled) / max(len(frame), 1))
    ordered = sorted(weights, key=lambda name: -weights[name])
    if not ordered:
        there = ", ".join(f"“{_short(name)}”" for name in names[:40])
        what = "no column holds texts in free words" + (f"; to choose from: {there}" if there else "")
        raise fail(what, "Name the one that does: --map text=NAME.", file, first_row - 1)
    return [name for name in ordered if name == ordered[0] or weights[name] * 3 >= weights[ordered[0]]][:6]


def _attributes(frame: pd.DataFrame, names: Sequence[str], result: Tidied) -> Iterator[tuple[str, pd.Series]]:
    """The other columns under names that are safe; those that reach a person are left out and named."""
    personal, used = [], set[str]()
    for name in names:
        cells = frame[name].astype("str")
        filled = cells[cells.str.strip() != ""]
        if not len(filled):
            continue
        mails = int(filled.str.fullmatch(r"\s*" + _MAIL.pattern + r"\s*").sum())
        if _PERSONAL.fullmatch(_folded(name)) or mails > len(filled) / 2:
            personal.append(name)
            continue
        safe = attribute(name)
        while safe in used:
            safe = f"{safe}_2" if not re.search(r"_\d+$", safe) else re.sub(r"\d+$", lambda n: str(int(n[0]) + 1), safe)
        used.add(safe)
        yield safe, cells
    if personal:
        result.messages.append(f"Left out, since they reach or name a person: {', '.join(map(_short, personal))}.")
    if used:
        shown = sorted(used)[:12]
        more = f" and {len(used) - len(shown)} more" if len(used) > len(shown) else ""
        result.messages.append(f"Kept as attributes: {', '.join(shown)}{more}.")


def attribute(name: str) -> str:
    """The name of a column as an attribute's: attr_ and lower-case letters, digits and low lines."""
    if EXTRA_COLUMN.fullmatch(name):
        return name
    safe = slugify(name, separator="_", max_length=_LONGEST_NAME, word_boundary=True, save_order=True) or "column"
    return f"attr_{safe}"


# What stands in the cells -------------------------------------------------------------------------------------------


def _numbers(rows: pd.DataFrame, result: Tidied) -> None:
    """Whole numbers as the contract writes them; a column with others is kept as an attribute beside them."""
    for name in (name for name in _NUMBERS if name in rows):
        cells = rows[name].str.strip().map(lambda text: re.sub(r"\D", "", text) if _GROUPED.fullmatch(text) else text)
        cells = cells.map(lambda text: re.sub(r"\.0$", "", text))
        sound = cells.str.fullmatch(WHOLE_NUMBER.pattern).astype("bool")
        _keep(rows, name, ~sound & (cells != ""), "not a whole number", result)
        rows[name] = cells.where(sound, "")


def _dates(rows: pd.DataFrame, result: Tidied, order: str, language: str) -> None:
    """Dates in ISO form; what cannot be read is kept as an attribute."""
    for name in (name for name in _DATES if name in rows):
        read, used = dates.read(rows[name], order, language)
        unread = (rows[name].str.strip() != "") & ~rows[name].str.strip().isin(read)
        _keep(rows, name, unread, "not read as a date", result)
        if used and not order and any(re.match(r"\d{1,2}[/-]", text) for text in read):
            other = next(order for order in dates.ORDERS if order != used)
            result.guesses.append(f"Dates such as 03/04/2020 are read {used}; --dates {other} says otherwise.")
        rows[name] = pd.Series([read.get(text.strip(), "") for text in rows[name]], index=rows.index, dtype="str")


def _languages(rows: pd.DataFrame, result: Tidied) -> None:
    """Language tags; a name such as "English" is kept as an attribute."""
    if "language" in rows:
        sound = rows["language"].map(is_language).astype("bool")
        _keep(rows, "language", ~sound & (rows["language"] != ""), "not a language tag", result)
        rows["language"] = rows["language"].where(sound, "")


def _keep(rows: pd.DataFrame, name: str, unread: pd.Series, why: str, result: Tidied) -> None:
    """Keep what a column holds and the contract does not allow, in an attribute of the column's name."""
    if int(unread.sum()):
        first = _short(rows[name][unread].iloc[0])
        result.messages.append(f"{name}, {why}: {int(unread.sum())}, such as “{first}”; kept as attr_{name}.")
        rows[f"attr_{name}"] = rows[name].where(unread, "")


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:60]}…"
