"""What may be shown of a comment: a pseudonym for its author, and no address or telephone number in its text."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping

import pandas as pd

EMAIL_REMOVED = "[e-mail address removed]"
PHONE_REMOVED = "[telephone number removed]"
ANONYMOUS = "Commenter"
_LENGTH = 6
# It begins where such signs begin, so that a long run of them is looked at once and not from each of its signs.
_EMAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]+@[\w-]+(?:\.[\w-]+)+")
_BETWEEN = r"(?:[^\S\n]|[().\u2010-\u2013-]){0,3}"
# A telephone number begins with + or 0 (also in brackets) and has eight digits or more, parted by spaces, hyphens, dots
# or brackets; or it is written as in North America, 555-123-4567. Years, amounts, ISO dates and numbers with
# separated thousands begin otherwise, and nothing within a longer number counts.
_DATE_OR_FRACTION = r"\d{1,2}([-./])\d{1,2}\1\d{2,4}(?!\d)|0\.\d"
_PHONE = re.compile(
    rf"(?<!\w)(?<!\d[.,/:-])(?!{_DATE_OR_FRACTION})"
    rf"(?:(?:\+|\(?0)\d?(?:{_BETWEEN}\d){{7,31}}|\(?[2-9]\d\d\)?[ .-]\d{{3}}[ .-]\d{{4}})(?!\w)"
)


def pseudonym(author: str, key: str) -> str:
    """A stable name for an author: the same for the same name and key, not to be turned back without the key.

    Without a key it is one word for everybody: a name made with a key that all know could be tried out.
    """
    if not key:
        return ANONYMOUS
    code = hmac.new(key.encode(), author.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return f"{ANONYMOUS} {base64.b32encode(code).decode()[:_LENGTH]}"


def masked(text: str) -> str:
    """The text with e-mail addresses and telephone numbers replaced by words that say so."""
    return _PHONE.sub(PHONE_REMOVED, _EMAIL.sub(EMAIL_REMOVED, text) if "@" in text else text)


def publishable(comments: pd.DataFrame, key: str, addressed: Iterable[str] = ()) -> pd.DataFrame:
    """The comments as they may leave the store.

    In: any frame with author and text; the key of the pseudonyms; further authors that may be addressed
    (those of the frame are known anyway). Out: the same frame with `author` as a pseudonym (empty stays
    empty), `text` masked, and `@name` of an author, however it is capitalised, as that author's pseudonym.
    """
    known = {name: pseudonym(name, key) for name in sorted({*comments["author"], *addressed}) if name}
    folded = {name.casefold(): shown for name, shown in known.items()}
    lengths = sorted({len(name) for name in known}, reverse=True)

    def shown(text: str) -> str:
        return masked(_without_names(text, folded, lengths) if folded and "@" in text else text)

    return comments.assign(
        author=pd.Series([known.get(name, "") for name in comments["author"]], index=comments.index, dtype="str"),
        text=pd.Series([shown(text) for text in comments["text"]], index=comments.index, dtype="str"),
    )


def _without_names(text: str, known: Mapping[str, str], lengths: list[int]) -> str:
    """The text with every @name of a known author replaced; of several that fit, the longest name counts."""
    before, *rest = text.split("@")
    parts = [before]
    for piece in rest:
        for length in lengths:
            name, after = piece[:length], piece[length : length + 1]
            if name.casefold() in known and not (after.isalnum() or after == "_"):
                parts.append(known[name.casefold()] + piece[length:])
                break
        else:
            parts.append("@" + piece)
    return "".join(parts)
