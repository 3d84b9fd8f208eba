"""E-mail addresses in a text, also as people write them to hide them from programs: "jo (at) example dot org".

A sign or word for *at* is looked for; what stands before and behind it decides. A bare word "at" is no address unless a
word for the dot follows, or the name before it or the host behind it can be nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_AT_WORDS = "at|ät|arroba|arobase|chiocciola|małpa|malpa|собака|a t"
_DOT_WORDS = "dot|punkt|point|punto|ponto|kropka|точка|d o t"
_OPEN, _CLOSE = r"[(\[{<]{1,3}", r"[)\]}>]{1,3}"
#: One sign for *at*, of five kinds: @, an entity, a word in brackets, a bare word, a word in capitals with no space.
_AT = re.compile(
    rf"(?P<bracket> ?{_OPEN} ?(?:@|{_AT_WORDS}) ?{_CLOSE} ?)|(?P<sign> {{0,2}}(?:@|&#64;|&#x40;|&commat;) {{0,2}})"
    rf"|(?P<word>(?<=\w)[ _-](?i:{_AT_WORDS})[ _-](?=\w))|(?P<capitals>(?<=[a-z0-9])AT(?=[a-z0-9]))",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"(?<=[a-z0-9])AT(?=[a-z0-9])")
_LOCAL = "a-zA-Z0-9_.%+-"
_PLAIN_DOT = r"\.|\u3002|\uff61"
_WRITTEN_DOT = rf" ?{_OPEN} ?(?:\.|{_DOT_WORDS}) ?{_CLOSE} ?|[ _-](?:{_DOT_WORDS})[ _-]"
_LABEL = r"[^\W_][\w-]{0,62}"
_HOST = re.compile(rf"{_LABEL}(?:(?:{_PLAIN_DOT}){_LABEL})+", re.IGNORECASE)
_WRITTEN_HOST = re.compile(
    rf"[^\W_][^\W_-]{{0,62}}(?:(?:{_WRITTEN_DOT}|{_PLAIN_DOT})[^\W_][^\W_-]{{0,62}})+", re.IGNORECASE
)
_SPACED_HOST = re.compile(rf"{_LABEL}(?: ?(?:{_PLAIN_DOT}) ?{_LABEL}){{1,4}}", re.IGNORECASE)
_GLUED_HOST = re.compile(r"[a-z0-9-]{1,63}(?:DOT[a-z0-9-]{1,63})+")
_WRITTEN = re.compile(_WRITTEN_DOT, re.IGNORECASE)
#: "at this point in time" and "at the dot com bubble" hold the same words.
_ENGLISH = re.compile(r"(?:the|a|an|this|that|some|which|any|what)[ _-]|[^\W_]+[ _-]point", re.IGNORECASE)


def _each(words: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(words.split())


_ENDINGS = _each(
    "com org net edu gov mil int info biz io eu uk ie de at ch fr it es pt nl be lu dk se no fi is pl cz sk hu ro bg gr"
    " ua ru tr il in jp kr cn tw hk sg au nz za ca us mx br ar cl co me tv app dev example test"
)
_MAIL_HOSTS = re.compile(
    r"(?:gmail|googlemail|outlook|hotmail|live|yahoo|ymail|icloud|aol|gmx|web|proton|protonmail|btinternet|mail|t-online)"
    r"\.(?:com|de|net|me|org|fr|it|es|ru|at|ch|co\.uk|com\.au)",
    re.IGNORECASE,
)
_NO_NAMES = _each("me us them him her it look see more you here available found is are was be up read only and")


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of a folded text that are e-mail addresses, in their order."""
    if not _may_hold_any(text):
        return
    after = 0
    for at in _AT.finditer(text):
        if at.start() < after:
            continue
        if at["capitals"] is not None and not _CAPITALS.match(text, at.start()):
            continue
        start = _local_start(text, at.start(), after)
        end = _host_end(text, at, text[start : at.start()])
        if start < at.start() and end:
            after = end
            yield start, end


#: What an address without a sign needs: a word for *at* in brackets, or a bare one and a host's first dot behind it.
_IN_BRACKETS = re.compile(rf"[(\[{{<] ?(?:{_AT_WORDS}) ?[)\]}}>]", re.IGNORECASE)
_BEFORE_A_HOST = re.compile(rf"[ _-](?:{_AT_WORDS})[ _-](?={_LABEL}(?:{_PLAIN_DOT}|{_WRITTEN_DOT}))", re.IGNORECASE)


def _may_hold_any(text: str) -> bool:
    """Whether a text holds what every address has. Most texts do not, and are searched no further."""
    return (
        "@" in text
        or "&" in text
        or ("AT" in text and "DOT" in text)
        or _BEFORE_A_HOST.search(text) is not None
        or _IN_BRACKETS.search(text) is not None
    )


def _local_start(text: str, end: int, least: int) -> int:
    """Where the name before the *at* begins; `end` where there is none."""
    start = end
    while start > least and (text[start - 1].isalnum() or text[start - 1] in "_.%+-'"):
        start -= 1
    while start < end and text[start] in ".'-%+":
        start += 1
    return start


def _host_end(text: str, at: re.Match[str], local: str) -> int:
    """Where the host behind the *at* ends; 0 where what stands there is none."""
    begins = at.end()
    if at["sign"] is not None and at["sign"].strip() == at["sign"]:
        host_match = _HOST.match(text, begins)
        written = _WRITTEN_HOST.match(text, begins)
        if written and (not host_match or written.end() > host_match.end()) and _WRITTEN.search(written[0]):
            host_match = written
        if host_match is None and (spaced := _spaced(text, begins)):
            return spaced
        return host_match.end() if host_match else 0
    if at["sign"] is not None:
        host_match = _WRITTEN_HOST.match(text, begins)
        if host_match and _WRITTEN.search(host_match[0]) and _ends_like_a_host(host_match[0]):
            return host_match.end()
        return _spaced(text, begins)
    if at["capitals"] is not None:
        host_match = _GLUED_HOST.match(text, begins)
        return host_match.end() if host_match else 0
    host_match = _WRITTEN_HOST.match(text, begins)
    english = at["word"] is not None and at["word"][1:-1].casefold() == "at" and _ENGLISH.match(text, begins)
    if host_match and not english and _WRITTEN.search(host_match[0]) and _ends_like_a_host(host_match[0]):
        return host_match.end()
    host = _HOST.match(text, begins)
    if host is None:
        return 0
    if at["bracket"] is not None:
        return host.end() if _ends_like_a_host(host[0]) else 0
    like_an_address = re.search(r"[._\d]", local) is not None or _MAIL_HOSTS.fullmatch(host[0]) is not None
    return host.end() if like_an_address and local.casefold() not in _NO_NAMES and _ends_like_a_host(host[0]) else 0


def _spaced(text: str, begins: int) -> int:
    """The end of a host whose dots have a space on both sides, or none: "example . org", not "council. It"."""
    match = _SPACED_HOST.match(text, begins)
    end = 0
    if match:
        place, host = begins, match[0]
        for part in re.finditer(rf"({_LABEL})( ?(?:{_PLAIN_DOT}) ?|$)", host):
            dot = part[2]
            place = begins + part.end(1)
            if part.start() and part[1].casefold() in _ENDINGS:
                end = place
            if len(dot) == 2:
                break
    return end


def _ends_like_a_host(host: str) -> bool:
    return re.split(r"\W|_", host)[-1].casefold() in _ENDINGS
