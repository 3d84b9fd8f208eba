"""Names of authors in the texts of others, in the ways in which people write them.

A whole name stands out in any text and is found wherever it is: joined, in other letters, turned round, with an
initial.
A single word that an author is called by, or half of a name, may be any word. It is taken for the author only with a
sign beside it: @, a greeting, a colon, "wrote". Where the word is an ordinary one ("Will", "May"), fewer signs count.

A text is cut into words, and runs of words are looked up in one table of all names. So the cost does not depend on how
many authors there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from brief.prose.folding import fold
from brief.scripts import MARKS, UNSPACED

#: Scripts in which a name stands without a space before what follows it. Korean joins its particles to a name.
_UNSPACED = f"{UNSPACED}\uac00-\ud7a3"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{MARKS}])*")
_RUN = re.compile(rf"[{_UNSPACED}]{{2,}}")
_GAP = re.compile(r"[ \t_.,'\u2019-]{0,3}\n?[ \t_.,'\u2019-]{0,2}")
_SIGNS = re.compile(r"[^\w\s.,'\u2019()@-]|\A[^\w\s]+\Z")
_SPACE = re.compile(r"\s")
#: What may stand before a handle, its mark, and the handle with what may stand after it.
_CHUNK = re.compile(r"(?<!\S)([\"'\u201c\u2018(\[>]*)(@?)(\S+)")
_SIGNS_AFTER = 4
_MOST_PARTS = 8
_SHORTEST_RUN, _LONGEST_RUN = 3, 12


def _each(words: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(words.split())


_TITLES = _each(
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend cllr councillor herr frau hon judge capt mp"
    " md phd monsieur madame mme mlle sr sra signor signora don dona"
)
_PARTICLES = _each("van von de der den del della di da dos la le el al bin ibn ben ter ten zu y")

_OPENS = r"(?:^|[.!?\u2026:;\u2014]|\n)[ \t>\"'\u201c\u201e\u00ab*-]*\Z"
_LINE = r"(?:^|\n)[ \t>\"'\u201c\u201e\u00ab*-]*\Z"
_GREETS = (
    r"(?:hi|hello|hey|hiya|dear|thanks|thank you|thx|ta|cheers|sorry|well said|hallo|hola|salut|bonjour|ch[e]re?|"
    r"liebe[rs]?|ciao|car[oa]|estimad[oa]|danke|merci|gracias|grazie|obrigad[oa]|hej|drogi|\u043f\u0440\u0438\u0432\u0435\u0442)"
)
_GREETED = re.compile(rf"(?:^|[^\w]){_GREETS},?[ \t]+\Z", re.IGNORECASE)
_REPLIES_TO = re.compile(r"(?:^|\n|[.!?] )[ \t>]*(?:to|re|an|\u00e0|(?:in )?(?:reply|replying|response) to):? \Z", re.I)
_SPOKE_OF = re.compile(
    r"\b(?:(?:agree|agreed|agreeing|disagree|disagreed|disagreeing) with|(?:reply|replying|response|respond|responding|"
    r"answer) to|as)[ ]\Z",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"\b(?:mr|mrs|ms|miss|mx|dr|sir|cllr|councillor|prof|professor|herr|frau|monsieur|madame|mme|se\u00f1or|se\u00f1ora|sr|"
    r"sra|signor|signora|senor|senora)\.?[ ]\Z",
    re.IGNORECASE,
)
_STARTS, _STARTS_LINE = re.compile(_OPENS), re.compile(_LINE)
_ENDS = re.compile(r"[ \t]*(?:[.,:;!?)\n\u2026\u060c\uff0c\uff1a-]|\Z)")
_COLON = re.compile(r"[ \t]*[:\uff1a]")
_WROTE = re.compile(r" (?:wrote|writes|said|says|schrieb|schreibt|a ecrit|escribio|ha scritto)[ ]?:", re.IGNORECASE)
_VOCATIVE = re.compile(r"[ \t]*[,\u060c\uff0c]")
_STOPS = re.compile(r"[ \t]*(?:[.!?\n]|\Z)")
_LAST_LINE = re.compile(r"[ \t.!]*\Z")
_SPOKE = re.compile(
    r" (?:said|says|wrote|writes|commented|posted|repl(?:ied|ies)|claim(?:s|ed)|argue[sd]|ask(?:s|ed)|suggest(?:s|ed)|"
    r"thinks|mention(?:s|ed)|points? out|pointed out|is (?:right|wrong|correct|mistaken)|has a point|made a|makes a|"
    r"schrieb|schreibt|sagt|meint|hat recht|a ecrit|dit|dice|escribio)\b",
    re.IGNORECASE,
)
_OWNS = re.compile(
    r"(?:['\u2019]s?|s)? (?:comment|point|post|view|argument|idea|suggestion|question|reply|remark|proposal|opinion|"
    r"claim|message|kommentar|beitrag|vorschlag)s?\b",
    re.IGNORECASE,
)
_NO_NAME_AFTER = re.compile(
    r"\b(?:a|an|the|any|every|each|this|that|these|some|no|our|your|my|as a|one|other)[ ]\Z", re.I
)
_AT_A_START = frozenset({"will", "may", "can", "mark", "grant", "bill", "let"})
_OPENERS = _each(
    "a also although and as because but did does even how i if is like maybe no not now of oh ok perhaps since so sorry"
    " then though well what when where which while why yes yet agree agreed disagree agreeing"
)


@cache
def ordinary_words() -> frozenset[str]:
    """The words that are names and ordinary words as well."""
    lines = Path(__file__).with_name("ordinary_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@dataclass(frozen=True)
class Form:
    """A way of writing an author's name: what stands in its place, and how sure the form is.

    `kind` is "name" (several words), "handle" (a word that is no other word), "initial" (a letter and a word), "turned"
    (last name first) or "word" (may be any word). `ordinary`: made of ordinary words only, or partly.
    """

    shown: str
    kind: str
    ordinary: bool
    parts: int


class Names:
    """The table of all names, made once, and the search for them in a text."""

    def __init__(self, shown: Mapping[str, str], shared: str) -> None:
        """`shown`: what stands for each author; `shared`: what stands for a word that several are called by."""
        self._forms: dict[str, Form] = {}
        self._words: dict[str, str] = {}
        self._runs: dict[str, str] = {}
        self._handles: dict[str, str] = {}
        self._shared = shared
        for author in sorted(shown):
            self._learn(author, shown[author])
        self._heads: set[str] = {key[:length] for key in (*self._forms, *self._words) for length in (1, 2, 3)}
        self._longest_key = max(map(len, (*self._forms, *self._words)), default=0) + 1
        self._lengths = sorted({len(run) for run in self._runs}, reverse=True)

    def _learn(self, author: str, shown: str) -> None:
        written = fold(author).text.strip().removeprefix("@").partition("(")[0].partition("@")[0].strip()
        handle = fold(author).text.strip().removeprefix("@")
        if _SIGNS.search(handle) and not _SPACE.search(handle):
            self._handles[handle.casefold()] = shown
        whole = _joined(written)
        if not whole:
            return
        run = _RUN.fullmatch(written.replace(" ", ""))
        if run and _SHORTEST_RUN <= len(run[0]) <= _LONGEST_RUN:
            self._runs.setdefault(run[0], shown)
        known = ordinary_words()
        words = [whole] if whole in known else _words_of(written)
        words = [word for word in words if word not in _TITLES] or words
        common = [word for word in words if word in known or len(word) == 1]
        ordinary = bool(common)
        several = len(words) > 1
        if several:
            kind = "turned" if len(common) == len(words) else "name"
            self._put("".join(words), shown, kind, ordinary, len(words))
            first, last = words[0], words[-1]
            if "," in written and len(words) == 2:
                first, last = last, first
            pairs = [(first, last)] if len(words) > 2 or "," in written else []
            if len(words) > 2 and words[1] not in _PARTICLES and len(words[1]) > 2:
                pairs.append((first, words[1]))
            for given, surname in pairs:
                if len(given) > 1 and len(surname) > 1:
                    self._put(given + surname, shown, "turned" if {given, surname} <= known else "name", ordinary, 2)
            if len(first) > 1 and len(last) > 1:
                self._put(last + first, shown, "turned", last in known or first in known, 2)
                self._put(first[0] + last, shown, "initial", last in known, 2)
                self._put(first + last[0], shown, "initial", first in known, 2)
        if whole != "".join(words):
            # Digits make a handle of a word; one with few letters may still be the name of a thing.
            letters = sum(sign.isalpha() for sign in whole)
            sure = letters > 3 and (several or len(whole) > 5)
            self._put(whole, shown, "handle" if sure else "word", False, max(1, len(words)))
            if not sure:
                self._call(whole, shown)
        elif not several:
            self._call(whole, shown)
        for word in (words[0], words[-1]) if several else words:
            if len(word) > 1:
                self._call(word, shown)

    def _put(self, key: str, shown: str, kind: str, ordinary: bool, parts: int) -> None:
        known = self._forms.get(key)
        if known is None or (known.kind != "name" and kind == "name"):
            self._forms[key] = Form(shown, kind, ordinary, parts)
        elif known.shown != shown and (known.kind != "name" or kind == "name"):
            self._forms[key] = Form(self._shared, known.kind, known.ordinary or ordinary, known.parts)

    def _call(self, word: str, shown: str) -> None:
        self._words[word] = shown if self._words.get(word, shown) == shown else self._shared

    def forms(self) -> Iterator[tuple[str, str]]:
        """What is looked for: of each form its kind, whether it is ordinary, its number of parts, and its letters."""
        for letters, form in self._forms.items():
            yield f"{form.kind} {int(form.ordinary)} {form.parts}", letters
        for word in self._words:
            yield "called", word
        for run in self._runs:
            yield "unspaced", run
        for handle in self._handles:
            yield "signs", handle

    # Looking ---------------------------------------------------------------------------------------------------------

    def found(self, text: str) -> Iterator[tuple[int, int, str]]:
        """The stretches of a folded text that name an author, each with what stands in its place, in their order."""
        if not (self._forms or self._words or self._runs or self._handles):
            return
        after = 0
        every = (*self._spelt(text), *self._unspaced(text), *self._of_signs(text))
        for start, end, shown in sorted(every, key=lambda place: (place[0], -place[1])):
            if start >= after:
                after = end
                yield start, end, shown

    def open_to_doubt(self, text: str) -> Iterator[tuple[int, int]]:
        """The words that an author is called by and that stand without a sign: they may mean somebody, and may not."""
        taken = list(self.found(text))
        for word in _WORD.finditer(text):
            name = word[0].casefold()
            if name not in self._words or len(name) < 3 or not _is_capital(word[0]) or name in ordinary_words():
                continue
            if not any(start <= word.start() < end for start, end, _ in taken):
                yield word.span()

    def _spelt(self, text: str) -> Iterator[tuple[int, int, str]]:
        words = list(_WORD.finditer(text))
        keys = [word[0].casefold() for word in words]
        place = 0
        while place < len(words):
            step = 1
            if keys[place][:3] in self._heads:
                hit = self._longest(text, words, keys, place)
                if hit:
                    start, end, shown, step = hit
                    yield start, end, shown
            place += step

    def _longest(
        self, text: str, words: list[re.Match[str]], keys: list[str], place: int
    ) -> tuple[int, int, str, int] | None:
        """The longest name that begins with a word: where it begins and ends, what replaces it, its number of words."""
        first = words[place]
        mark = _mark(text, first.start()) if text[max(0, first.start() - 2) : first.start()].strip() else -1
        best: tuple[int, int, str, int] | None = None
        key = ""
        for number in range(1, min(_MOST_PARTS, len(words) - place) + 1):
            if number > 1:
                gap = text[words[place + number - 2].end() : words[place + number - 1].start()]
                if gap != " " and not _GAP.fullmatch(gap):
                    break
            key += keys[place + number - 1]
            if len(key) > self._longest_key:
                break
            last = words[place + number - 1]
            form = self._forms.get(key)
            start, end = first.start(), last.end()
            if form is not None and self._counts(form, text, words[place : place + number], mark):
                dotted = form.kind == "initial" and len(last[0]) == 1 and text[end : end + 1] == "."
                best = mark if mark >= 0 else start, end + dotted, form.shown, number
            elif form is None and key[-1:] == "s" and number > 1 and _is_capital(last[0]):
                form = self._forms.get(key[:-1])
                if (
                    form is not None
                    and form.kind == "name"
                    and self._counts(form, text, words[place : place + number], mark)
                ):
                    best = mark if mark >= 0 else start, end, form.shown, number
            elif number == 2 and key in self._words and self._is_parted(text, words[place], last):
                best = mark if mark >= 0 else start, end, self._words[key], number
        if best is None and keys[place] in self._words and self._is_called(text, first, mark):
            best = mark if mark >= 0 else first.start(), first.end(), self._words[keys[place]], 1
        return best

    @staticmethod
    def _is_parted(text: str, word: re.Match[str], next_word: re.Match[str]) -> bool:
        """Whether two words are the joined name of an author, such as "quentincrump", written apart."""
        capitals = _is_capital(word[0]) and _is_capital(next_word[0])
        common = {word[0].casefold(), next_word[0].casefold()} <= ordinary_words()
        parted = text[word.end() : next_word.start()] in (" ", "-", "_", ".")
        return capitals and parted and not common and len(word[0]) > 2 and len(next_word[0]) > 2

    def _counts(self, form: Form, text: str, words: list[re.Match[str]], mark: int) -> bool:
        """Whether a run of words that spells a form is that name."""
        start, end = words[0].start(), words[-1].end()
        if mark >= 0:
            return _ends_a_handle(text, end)
        if form.kind == "word":
            return False
        if form.kind == "handle":
            return len(words) == 1 or form.parts > 1 or "_" in text[start:end]
        if any(part > 1 and "\n" in text[words[part - 1].end() : words[part].start()] for part in range(1, len(words))):
            return False
        capitals = [_is_capital(word[0]) for word in words]
        if len(words) == 1:
            if re.search(r"[a-z][A-Z]", words[0][0]):
                return True
            return form.kind == "name" and not form.ordinary and len(words[0][0]) > 9
        gaps = [text[word.end() : next_word.start()] for word, next_word in pairwise(words)]
        if "_" in "".join(gaps):
            return form.kind in ("name", "turned")
        if form.kind == "initial":
            another = _part_of_another(text, start, end, text[max(0, start - 40) : start])
            return not another and self._is_initial(form, words, gaps, capitals)
        if form.ordinary or form.kind == "turned":
            opens = _STARTS.search(text[max(0, start - 20) : start]) is not None
            verb = opens and form.kind == "turned" and words[0][0].casefold() in _AT_A_START
            sentence = all(word[0].isupper() and len(word[0]) > 1 for word in words) and _shouts(text, start, end)
            return all(capitals) and not verb and not sentence
        return all(capitals) or not _NO_NAME_AFTER.search(text[max(0, start - 12) : start])

    @staticmethod
    def _is_initial(form: Form, words: list[re.Match[str]], gaps: list[str], capitals: list[bool]) -> bool:
        if len(words) != 2 or not all(capitals):
            return False
        first, second = words[0][0], words[1][0]
        if len(first) == 1 and len(second) > 2:
            return gaps[0] in (". ", ".") or (gaps[0] == " " and not form.ordinary and first not in "AI")
        if len(second) == 1 and len(first) > 2:
            dotted = words[1].string[words[1].end() : words[1].end() + 1] == "."
            return gaps[0] == " " and not form.ordinary and dotted
        return False

    def _is_called(self, text: str, word: re.Match[str], mark: int) -> bool:
        """Whether a word that an author is called by stands for the author."""
        name, start, end = word[0], word.start(), word.end()
        if mark >= 0:
            return text[mark] != "#" and _ends_a_handle(text, end)
        ordinary = name.casefold() in ordinary_words()
        before = text[max(0, start - 40) : start]
        if start > 40:
            before = "\u00b7" + before
        ends = _ENDS.match(text, end) is not None
        if _GREETED.search(before) and ends and (_is_capital(name) or not ordinary):
            return True
        if not _is_capital(name) or len(name) < 2:
            return False
        if _STARTS_LINE.search(before) and (_WROTE.match(text, end) or (not ordinary and _COLON.match(text, end))):
            return True
        if _REPLIES_TO.search(before) and _COLON.match(text, end):
            return True
        if start and text[start - 1] == "\n" and _LAST_LINE.match(text, end):
            return True
        if ordinary or len(name) < 3 or _RUN.match(name):
            return False
        if _TITLED.search(before):
            return True
        if _part_of_another(text, start, end, before):
            return False
        if (_STARTS.search(before) and _VOCATIVE.match(text, end)) or (
            re.search(r", \Z", before) and _STOPS.match(text, end)
        ):
            return True
        return bool(_SPOKE.match(text, end) or _OWNS.match(text, end) or (_SPOKE_OF.search(before) and ends)) or bool(
            re.search(r"\b[Aa]s \Z", before) and _SPOKE.match(text, end)
        )

    def _of_signs(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Handles with signs in them, such as "a.b*c(", as they are written; those without three letters or digits only
        behind @.
        """
        if not self._handles:
            return
        for chunk in _CHUNK.finditer(text):
            ahead, mark, body = chunk.groups()
            for cut in range(min(_SIGNS_AFTER, len(body))):
                handle = body[: len(body) - cut].casefold()
                if handle in self._handles:
                    if mark or sum(sign.isalnum() for sign in handle) > 2:
                        yield chunk.start() + len(ahead), chunk.end() - cut, self._handles[handle]
                    break

    def _unspaced(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Names in scripts that put no space between words: the longest that begins at a sign."""
        if not self._runs:
            return
        for run in _RUN.finditer(text):
            place = run.start()
            while place < run.end():
                for length in self._lengths:
                    name = text[place : place + length]
                    if place + length <= run.end() and name in self._runs:
                        mark = _mark(text, place)
                        yield mark if mark >= 0 else place, place + length, self._runs[name]
                        place += length - 1
                        break
                place += 1


def _joined(text: str) -> str:
    return "".join(_WORD.findall(text)).casefold()


def _words_of(written: str) -> list[str]:
    """The words of a name without their digits: "quentin_crump92" has two, and so has "QuentinCrump"."""
    spaced = re.search(r"\s", written) is not None
    parts = re.split(r"[\s_.,/|]+" if spaced else r"[\s_.,/|-]+|(?<=[a-z])(?=[A-Z][a-z])", written)
    bare = (re.sub(r"^\d+|\d+$", "", _joined(part)) for part in parts)
    return [word for word in bare if word]


def _mark(text: str, start: int) -> int:
    """Where the sign begins that marks the word at `start` as a name: @, #, u/; -1 where there is none."""
    before = text[max(0, start - 4) : start]
    sign = re.search(r"(?:(?<![\w@])(?:@ ?|#)|(?:(?<=\s)|\A)/?u/)\Z", before)
    if sign is None or (before.endswith("@ ") and not text[start].isupper()):
        return -1
    return start - (len(before) - sign.start())


def _ends_a_handle(text: str, end: int) -> bool:
    return re.match(r"_|-\w", text[end : end + 2]) is None


def _is_capital(word: str) -> bool:
    """Whether a word begins with a capital; one of a script without capitals does."""
    return not word[0].islower()


def _shouts(text: str, start: int, end: int) -> bool:
    """Whether the words around a stretch are in capitals as well."""
    around = list(re.findall(r"[^\W\d_]{2,}", f"{text[max(0, start - 30) : start]} {text[end : end + 30]}"))
    return bool(around) and sum(word.isupper() for word in around) * 2 > len(around)


def _part_of_another(text: str, start: int, end: int, before: str) -> bool:
    """Whether the word beside is a capital too, so that both are the name of somebody else."""
    behind = re.match(r" ([^\W\d_])", text[end : end + 2])
    ahead = re.search(r"(\w+) \Z", before)
    if behind is not None and behind[1].isupper():
        return True
    if ahead is None or not ahead[1][0].isupper():
        return False
    return _STARTS.search(before[: ahead.start()]) is None or ahead[1].casefold() not in _OPENERS
