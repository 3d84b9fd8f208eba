"""Every message of the program, found in its sources: what a translator gets to fill in.

Messages stand in the sources as they are said: `say("...")`, `say_of(number, "...", "...")`, `message("...")`,
`noun("...", "...")`, the nouns of `counted` and of a `Fact`, and in templates `{{ say("...") }}`. In `figures/` the
names of columns and of what a pointer is told are messages as well, and in `analysis/`, which uses no other room,
every sentence.
"""

from __future__ import annotations

import ast
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from brief.errors import Fault
from brief.prose.catalogue import COUNTED, PART, parsed, plural_of, primary
from brief.prose.language import NUMBERS
from brief.prose.mentions import ROLE_PATTERN

if TYPE_CHECKING:
    from babel.messages.catalog import Message

#: By the name of a call, the places of a message, or of its two forms.
_CALLS = {
    "say": (0,),
    "message": (0,),
    "say_of": (1, 2),
    "noun": (0, 1),
    "only_noun": (0, 1),
    "counted": (1, 2),
    "Fact": (4, 5),
    "counting": (4, 5),
}
_IN_TEMPLATES = re.compile(r'\bsay\("((?:[^"\\]|\\.)*)"|\bsay_of\([^"]*?"((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"')
_WORDS = re.compile(r'\bword\("(\w+)", "([^"]*)"\)')
_NUMBER = "number"
_NO_NUMBER = ("none",)
#: So many signs of a message are told in a fault.
_SHOWN = 60
#: Errors, words that are looked for, and names that only code reads.
_NOT_SHOWN = (
    *(
        f"analysis/{name}.py"
        for name in ("attributes", "campaign_texts", "campaigns", "encoders", "gate", "sampling", "sides", "stop_words")
    ),
    "cli/",
)
#: Words that an analysis answers with, and that cells hold.
_ANSWERS = ("first", "behind", "submissions", "suggested")
_SENTENCE = re.compile(r"[a-z}\d)]+[,;:]? [a-z{(\d]")
_COLUMN = re.compile(r"[A-Z][a-z]+( .*)?|F1")


@dataclass(frozen=True)
class Said:
    """A message: its English words, those of several where it has a plural, its context, and the file it stands in."""

    english: str
    several: str
    context: str
    file: str


def messages(package: Path, values: Iterable[str] = ()) -> list[Said]:
    """Every message of a package, each once, in the order of its files; `values` are words that its tables allow."""
    by_key: dict[tuple[str, str], Said] = {}
    every = [*_of_numbers(), *(Said(value, "", "", "contract/tables.py") for value in values)]
    for path in sorted(package.rglob("*")):
        file = path.relative_to(package).as_posix()
        if file.startswith(_NOT_SHOWN):
            continue
        if path.suffix == ".py":
            every += _in_python(path.read_text(encoding="utf-8"), file)
        elif path.suffix == ".html":
            every += _in_template(path.read_text(encoding="utf-8"), file)
    for said in every:
        key = (said.context, said.english)
        if said.english and (key not in by_key or (said.several and not by_key[key].several)):
            by_key[key] = said
    return list(by_key.values())


def _of_numbers() -> Iterator[Said]:
    for number in (*NUMBERS, *_NO_NUMBER):
        yield Said(number, "", _NUMBER, "prose/language.py")


def _in_template(text: str, file: str) -> Iterator[Said]:
    for match in _WORDS.finditer(text):
        yield Said(match[2], "", match[1], file)
    for match in _IN_TEMPLATES.finditer(text):
        alone, singular, several = (ast.literal_eval(f'"{words}"') if words else "" for words in match.groups())
        yield Said(alone or singular, several, "", file)


def _in_python(text: str, file: str) -> Iterator[Said]:
    tree = ast.parse(text)
    for match in _WORDS.finditer(text):
        yield Said(match[2], "", match[1], file)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            words = [_words(node.args[place]) if place < len(node.args) else "" for place in _CALLS.get(name, ())]
            if words and all(words):
                yield Said(words[0], words[1] if len(words) > 1 else "", "", file)
    if file.startswith("figures/"):
        yield from (Said(name, "", "", file) for name in _columns(tree))
    if file.startswith("analysis/"):
        yield from (Said(words, "", "", file) for words in _sentences(tree))


def _words(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _columns(tree: ast.Module) -> Iterator[str]:
    """Names of columns, and of what a pointer is told: keys of dictionaries, and lists that are given as columns."""
    for node in ast.walk(tree):
        named: list[ast.expr] = []
        if isinstance(node, ast.Dict):
            named = [key for key in node.keys if key is not None]
        elif isinstance(node, ast.keyword) and node.arg == "columns" and isinstance(node.value, ast.List):
            named = node.value.elts
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.List):
            called = [getattr(target, "id", getattr(target, "attr", "")) for target in node.targets]
            named = node.value.elts if "columns" in called else []
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            named = [node.slice]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_definitions":
            named = node.args[:1]
        yield from (words for node in named if _COLUMN.fullmatch(words := _words(node)))


def _sentences(tree: ast.Module) -> Iterator[str]:
    """Sentences, with names for what is put in; not those of errors and explanations."""
    left_out: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise | ast.Compare | ast.Assert | ast.Expr | ast.FormattedValue):
            left_out |= set(ast.walk(node))
            continue
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("compile", "join", "replace", "split"):
            left_out |= set(ast.walk(node))
        if node in left_out:
            continue
        words = _words(node) if isinstance(node, ast.Constant) else ""
        if isinstance(node, ast.JoinedStr):
            left_out |= set(ast.walk(node))
            words = "".join(_piece(part) for part in node.values)
        if _SENTENCE.search(words):
            yield words
    yield from _ANSWERS


def _piece(part: ast.expr) -> str:
    if isinstance(part, ast.FormattedValue):
        inner = part.value
        while isinstance(inner, ast.Call) and inner.args:
            inner = inner.args[0]
        return f"{{{getattr(inner, 'id', getattr(inner, 'attr', 'number')).strip('_').lower()}}}"
    return _words(part)


def refreshed(known: str, language: str, said: Iterable[Said]) -> str:
    """A catalogue as text with every message of the program: what `known` has translated stays, what is new is empty.

    Comments, marks of doubt ("fuzzy") and the rule of plurals stay as well. A message that is no longer said is left
    out. In: the catalogue as it was, "" for a new one; its language. Raises `BriefError` where it cannot be read.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    header = _HEADER.format(language=language)
    fresh = Catalog(locale=primary(language), fuzzy=False, charset="utf-8", header_comment=header)
    before = parsed(known, language, f"{language}.po") if known else fresh
    if known:
        fresh.mime_headers = [("Plural-Forms", before.plural_forms)]
        if _OWN_HEADER.match(known):
            fresh.header_comment = before.header_comment
    for message in said:
        fresh.add(
            (message.english, message.several) if message.several else message.english,
            locations=[(message.file, 0)],
            context=message.context or None,
        )
    for there in before:
        now = fresh.get(_id_of(there), there.context) if there.id else None
        if now is not None and isinstance(now.id, str) == isinstance(there.id, str):
            now.string = there.string
            # Babel takes what a merge left of the former English, behind #|, for a comment.
            now.user_comments = [comment for comment in there.user_comments if not comment.startswith("|")]
            now.flags |= {"fuzzy"} & there.flags
    out = io.BytesIO()
    write_po(out, fresh, width=110, include_lineno=False, omit_header=False)
    lines = out.getvalue().decode("utf-8").split("\n")
    if fresh.locale is None:
        # Babel leaves the rule of plurals out where it does not know the language.
        lines.insert(lines.index('msgstr ""') + 1, f'"Plural-Forms: {fresh.plural_forms}\\n"')
    dated = ("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Report-Msgid", "Project-Id", "Last-Translator")
    kept = [line for line in lines if not line.startswith(tuple(f'"{name}' for name in dated))]
    return "\n".join(line for line in kept if not line.startswith('"Language-Team'))


_HEADER = """# What the program says, in the language {language}.
# A part in braces, such as {{number}}, stays as it is. A message that begins or ends with a space is put beside others.
# A noun with a plural may hold {{number}} where the language has a word for counting it."""
_OWN_HEADER = re.compile(r'(#.*\r?\n)+msgid ""\r?\nmsgstr')


def _id_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def left_to_translate(known: str, language: str, said: Iterable[Said]) -> list[str]:
    """The messages, in English, that a catalogue leaves empty or does not have, with all their forms."""
    entries = _by_key(known, language)
    return [
        message.english
        for message in said
        if not _translated(entry := entries.get((message.context, message.english)))
        or (entry is not None and isinstance(entry.id, str) == bool(message.several))
    ]


def faults_of(known: str, language: str, file: str) -> list[Fault]:
    """What is wrong with the translations of a catalogue, each with its line in `file`.

    A translation has the parts of the English and names its facts, and a message with a plural has every form that the
    catalogue has, or none. A form that one number alone takes may say the number in a word. Raises `BriefError` where
    the catalogue cannot be read.
    """
    entries = parsed(known, language, file)
    rule = plural_of(entries, file)
    takers = Counter(rule(number) for number in range(COUNTED))
    faults: list[Fault] = []
    for entry in entries:
        if entry.id and not entry.fuzzy:
            alone = {form for form, numbers in takers.items() if numbers == 1 and not isinstance(entry.id, str)}
            wrong = _wrong_forms(entry, alone)
            faults += (Fault(*fault, file, entry.lineno) for fault in wrong)
    return faults


def _wrong_forms(entry: Message, alone: Collection[int]) -> Iterator[tuple[str, str]]:
    """What is wrong with the forms of a translation, and what to do; `alone` are those that one number alone takes."""
    english = [entry.id] if isinstance(entry.id, str) else list(entry.id)
    forms = [entry.string] if isinstance(entry.string, str) else list(entry.string or ())
    named = [_parts(form) for form in english]
    allowed = set().union(*named) | ({_NUMBER} if len(english) > 1 else set())
    asked = set.intersection(*named)
    called = f"'{english[0][:_SHOWN]}{'…' if len(english[0]) > _SHOWN else ''}'"
    if any(forms) and not all(forms):
        missing = ", ".join(f"msgstr[{place}]" for place, form in enumerate(forms) if not form)
        yield f"the translation of {called} lacks {missing}", "Fill in every form that nplurals counts, or none."
    for place, form in enumerate(forms):
        lacking, more = asked - _parts(form) - ({_NUMBER} if place in alone else set()), _parts(form) - allowed
        wrong = [f"{words} {_braced(parts)}" for words, parts in (("lacks", lacking), ("has", more)) if form and parts]
        if wrong:
            remedy = f"Put in what the English has: {_braced(allowed)}." if allowed else "Leave out what is in braces."
            which = f" (msgstr[{place}])" if len(forms) > 1 else ""
            yield f"the translation of {called}{which} {' and '.join(wrong)}", remedy


def _braced(parts: Collection[str]) -> str:
    return ", ".join(f"{{{part}}}" for part in sorted(parts))


def _parts(words: str) -> set[str]:
    """What is put into some words: named parts, and in a chapter the facts."""
    facts = {match["body"].split("|")[0].strip() for match in ROLE_PATTERN.finditer(words)}
    return facts | set(PART.findall(ROLE_PATTERN.sub("", words)))


def _by_key(known: str, language: str) -> Mapping[tuple[str, str], Message]:
    entries = parsed(known, language, f"{language}.po")
    return {(message.context or "", _id_of(message)): message for message in entries if message.id}


def _translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    return bool(message.string) and (isinstance(message.string, str) or all(message.string or ()))
