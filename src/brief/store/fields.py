"""Tables of strangers: which of their columns is the text, the author, the date; the rest become attributes.

A reader gives rows with the names that its format uses; here they get the names of the contract. A column whose name
says what it holds is taken by its name. Where no name says which column holds the text, the one with the longest
different texts is proposed and told, and `--map text=NAME` says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd
from slugify import slugify

from brief.contract.tables import COMMENTS, EXTRA_COLUMN
from brief.errors import fail

FIELDS = tuple(column.name for column in COMMENTS)

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
PERSONAL = re.compile(
    r"e?mail|emailaddress|authoremail|commentauthoremail|.*emailaddress|ip|ipaddress|.*ipaddress|remoteaddr|hostaddress"
    r"|commentauthorip|phone|phonenumber|telephone|mobile|tel|fax|street|streetaddress|address|postaladdress"
    r"|dateofbirth|birthday|recipientemail|recipientfirstname|recipientlastname|useragent|commentagent"
    r"|locationlatitude|locationlongitude|(?:whatis)?youremail(?:address)?\w{0,12}|(?:whatis)?your(?:full)?name\w{0,12}|firstname|lastname|surname"
)
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_LONGEST_NAME = 80
_QUOTED, _QUOTED_ONE = 200, 60
"""So many signs of texts are quoted to show what a column holds, and so many of one of them."""
_FREE_WORDS, _FREE_SIGNS = 3, 8
"""An answer in free words has so many words, or, where none are between spaces, so many signs."""
_CLOSED, _UNLIKE = 8, 0.5
"""A column with so few different answers, given again and again, is a closed question."""
_NO_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NO_WORDS = re.compile(r"[\W\d_]*|https?://\S+")


def by_name(names: Iterable[str]) -> dict[str, str]:
    """Which columns say by their names what they hold: the name of the contract, and the column's own."""
    named: dict[str, str] = {}
    for name in names:
        named.setdefault(folded(name), name)
    columns = {column_name: name for name in names for column_name in FIELDS if name == column_name}
    for column_name, called in _CALLED.items():
        column = next((named[name] for name in called if name in named and named[name] not in columns.values()), None)
        if column_name not in columns and column is not None:
            columns[column_name] = column
    return columns


# Which column is which ----------------------------------------------------------------------------------------------


def taken_columns(
    frame: pd.DataFrame, file: str, wanted: Sequence[str], guesses: list[str], first_row: int
) -> dict[str, str]:
    """The column for each name of the contract: as the caller says, else by its name, else proposed.

    In: the first rows; `wanted` are `FIELD=COLUMN` as the caller gives them; what was guessed is added to `guesses`.
    Raises `BriefError` for what is wanted and not there, and where no column can hold the text.
    """
    names = [str(name) for name in frame.columns]
    said = dict(_said(wanted, names, file, first_row))
    taken = {column: name for column, name in by_name(names).items() if name not in said.values()} | said
    if "text" in taken:
        if taken["text"] != "text" and "text" not in said:
            guesses.append(f"The text is the column “{taken['text']}”; --map text=NAME says otherwise.")
    else:
        free = [name for name in names if name not in taken.values()]
        taken["text"], *others = _proposed(frame, free, file, first_row)
        first = "; ".join(_quoted(text for text in frame[taken["text"]] if text.strip() and len(text) > 1))
        further = f" Free texts stand in {', '.join(f'“{short(name)}”' for name in others)} too." if others else ""
        guesses.append(
            f"The text is taken from the column “{taken['text']}”, which has the longest: {first}; "
            f"--map text=NAME says otherwise.{further}"
        )
    for column, name in taken.items():
        if name and column not in ("text", *said) and folded(name) != folded(column):
            guesses.append(f"{column} is the column “{name}”; --map {column}= takes none, --map {column}=NAME another.")
    return taken


def _quoted(texts: Iterable[str]) -> Iterator[str]:
    """The first texts in quotation marks, at least one and as many as fit; long ones are cut between words."""
    signs = 0
    for text in texts:
        line = " ".join(text.split())
        words = line if len(line) <= _QUOTED_ONE else f"{line[:_QUOTED_ONE].rsplit(' ', 1)[0]} …"
        signs += len(words)
        if signs > _QUOTED and signs > len(words):
            return
        yield f"“{words}”"


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
            there = ", ".join(f"“{short(there)}”" for there in names[:40])
            raise fail(f"there is no column “{name}”", f"Name one of these: {there}.", file, first_row - 1 or None)
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
        if not filled or PERSONAL.fullmatch(folded(name)) or all(_NO_WORDS.fullmatch(text.strip()) for text in filled):
            continue
        words = sum(len(text.split()) for text in filled) / len(filled)
        signs = sum(map(len, filled)) / len(filled)
        unlike = len(set(filled)) / len(filled)
        if unlike < _UNLIKE and len(set(filled)) <= _CLOSED:
            continue
        free = words >= _FREE_WORDS or (signs >= _FREE_SIGNS and any(map(_NO_SPACES.search, filled)))
        if (free or len(frame.columns) == 1) and not all(MAIL.fullmatch(text) for text in filled):
            weights[name] = (words + signs / 6) * unlike * min(1.0, 0.2 + len(filled) / max(len(frame), 1))
    ordered = sorted(weights, key=lambda name: -weights[name])
    if not ordered:
        there = ", ".join(f"“{short(name)}”" for name in names[:40])
        what = "no column holds texts in free words" + (f"; to choose from: {there}" if there else "")
        raise fail(what, "Name the one that does: --map text=NAME.", file, first_row - 1 or None)
    return [name for name in ordered if name == ordered[0] or weights[name] * 3 >= weights[ordered[0]]][:6]


def attribute(name: str) -> str:
    """The name of a column as an attribute's: attr_ and lower-case letters, digits and low lines."""
    if EXTRA_COLUMN.fullmatch(name):
        return name
    safe = slugify(name, separator="_", max_length=_LONGEST_NAME, word_boundary=True, save_order=True) or "column"
    return f"attr_{safe}"


def folded(name: str) -> str:
    """A name without case and signs."""
    return re.sub(r"[\W_]+", "", name.casefold())


def short(text: str) -> str:
    """The first signs of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:60]}…"
