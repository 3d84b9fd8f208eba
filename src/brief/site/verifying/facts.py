"""The numbers of an edition: `facts.json`, the table of facts, every number in prose, every statement's condition."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from brief.contract.columns import is_date
from brief.errors import BriefError, Fault
from brief.prose.catalogue import Catalogue, is_known, packaged, say, word
from brief.prose.conditions import Value, parse
from brief.prose.language import capital, counted, formatted, long_date, number_word, numeral
from brief.site.verifying.stored import Element, Stored, at, fault, near, squeezed

FILE = "facts.json"
_DATA = "data.html"
_NUMBER = "The page and the facts contradict each other: one of them was changed."
_SENTENCE = "The sentence was changed, or the data that carry it."
_OTHER = "Declared in another language, its numbers and sentences would not be looked at."
_AGAIN = "Take the file from the publisher again."
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+|(?<=\d)[.,](?=\d)")


@dataclass(frozen=True)
class Known:
    """A fact as `facts.json` has it."""

    value: Value
    printed: str
    unit: str
    definition: str

    @property
    def forms(self) -> set[str]:
        """How prose may print the number, before its noun."""
        plain = {self.printed}
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            plain |= {number_word(self.value), str(self.value), f"{self.value:,}"}
        return plain | {capital(form) for form in plain}


def entries(stored: Stored) -> tuple[dict[str, Mapping[str, Value]], list[Fault]]:
    """The entries of `facts.json` that are facts, by name, and what is wrong with the file or with other entries."""
    try:
        listed = stored.json(FILE)
    except BriefError as error:
        return {}, list(error.faults)
    place = stored.named(FILE)
    if not isinstance(listed, list):
        what = "there are no facts" if listed is None else "this is no list of facts"
        return {}, [fault(place, what, "Nothing can be compared.")]
    sound: dict[str, Mapping[str, Value]] = {}
    wrong = []
    for number, entry in enumerate(listed, 1):
        if not _is_fact(entry):
            wrong.append(fault(place, f"entry {number} is no fact", _AGAIN))
        elif entry["name"] in sound:
            wrong.append(fault(place, f"entry {number} is a second fact of the name {entry['name']}", _AGAIN))
        else:
            sound[entry["name"]] = entry
    return sound, wrong


def _is_fact(entry: object) -> bool:
    if not isinstance(entry, dict):
        return False
    texts = [entry.get(key) for key in ("name", "printed", "definition", "unit")]
    return all(isinstance(text, str) for text in texts) and isinstance(entry.get("value"), int | str | None)


def read(stored: Stored) -> dict[str, Known]:
    """The facts of an edition by name. Raises `BriefError` where they cannot be read, or are no facts."""
    sound, wrong = entries(stored)
    if wrong:
        raise BriefError(wrong)
    facts = {}
    for name, fact in sound.items():
        printed, definition, unit = (str(fact[key]) for key in ("printed", "definition", "unit"))
        value = fact.get("value")
        if isinstance(value, str) and is_date(value) and printed != value:
            facts[name] = Known(dt.date.fromisoformat(value), printed, unit, definition)
        else:
            facts[name] = Known(value, printed, unit, definition)
    return facts


def language_of(stored: Stored, facts: Mapping[str, Known]) -> tuple[str, list[Fault]]:
    """The language that an edition is printed in, and a finding for each page that declares another one.

    A page alone does not decide it: it is the language in which the dates among the facts are printed, first of all
    the one that most pages declare.
    """
    declared = {page: str(tree.get("lang") or "") for page, tree in stored.pages.items()}
    listed = Counter(declared.values())
    names = [*sorted({*listed} - {""}, key=lambda tag: (-listed[tag], tag)), *packaged()]
    dates = [(known.value, known.printed) for known in facts.values() if isinstance(known.value, dt.date)]
    language = max(names, key=lambda tag: sum(_long_date(day, tag) == printed for day, printed in dates))
    wrong = [
        fault(stored.named(page), f"the page is declared to be in “{tag[:40]}”, its facts in “{language}”", _OTHER)
        for page, tag in sorted(declared.items())
        if tag != language
    ]
    return language, wrong


def _long_date(day: dt.date, tag: str) -> str:
    try:
        return long_date(day, Catalogue(tag).locale) if _TAG.fullmatch(tag) else ""
    except BriefError:
        return ""


def can_be_read(language: str) -> bool:
    """Whether the program knows the words of a language; a tag of a stranger is looked at before it names a file."""
    return _TAG.fullmatch(language) is not None and is_known(language)


def faults_of_printed(stored: Stored, facts: Mapping[str, Known]) -> Iterator[Fault]:
    """Whether each fact prints its own value."""
    for name, known in facts.items():
        if formatted(known.value) != known.printed:
            what = f"the fact {name} is {formatted(known.value)} and is printed as “{known.printed}”"
            yield fault(stored.named(FILE), what, "Value and print contradict each other: one of them was changed.")


def faults_of_table(stored: Stored, facts: Mapping[str, Known]) -> Iterator[Fault]:
    """Whether the table of facts on the data page is that of `facts.json`."""
    page = stored.pages.get(_DATA)
    rows = page.xpath("//tr[starts-with(@id, 'fact-')]") if page is not None else []
    if page is not None and not rows and any(marked(stored)):
        yield fault(stored.named(_DATA), "the table of facts is not there: numbers of prose lead to its rows", _NUMBER)
    seen = set()
    for row in rows:
        name = row.get("id").removeprefix("fact-")
        seen.add(name)
        cells = [squeezed(cell) for cell in row.xpath("./td")]
        place = stored.named(f"{_DATA}#fact-{name}")
        if name not in facts:
            yield fault(place, "facts.json has no such fact", _NUMBER)
        elif cells[:2] != [" ".join(facts[name].printed.split()), " ".join(facts[name].definition.split())]:
            printed = cells[0] if cells else ""
            what = f"the table says “{printed}”, facts.json “{facts[name].printed}”, or the definition differs"
            yield fault(place, what, _NUMBER)
    for name in sorted(set(facts) - seen) if rows else ():
        yield fault(stored.named(f"{_DATA}#fact-{name}"), "the table of facts lacks this fact of facts.json", _NUMBER)


def marked(stored: Stored) -> Iterator[tuple[str, Element, str]]:
    """Every element that stands for a fact: the page, the element, the fact's name (empty where it is not told)."""
    for name, page in stored.pages.items():
        for element in page.xpath("//a[@class='fact'] | //data[@class='fact']"):
            marked_as = element.get("data-fact") or (element.get("href") or "").partition("#fact-")[2]
            yield name, element, marked_as


def faults_of_prose(stored: Stored, facts: Mapping[str, Known]) -> tuple[int, list[Fault]]:
    """How many numbers of prose are named as facts, and which of them are not those of `facts.json`."""
    count, wrong = 0, []
    defined: dict[str, list[str]] = {}
    for name, known in facts.items():
        defined.setdefault(known.definition, []).append(name)
    for page, element, marked_as in marked(stored):
        count += 1
        title = element.get("title") or ""
        # Earlier editions tell the definition alone.
        names = [marked_as] if marked_as else defined.get(title, [])
        text = squeezed(element)
        place = stored.named(at(page, marked_as or near(element)))
        meant = [facts[name] for name in names if name in facts]
        if not meant:
            wrong.append(fault(place, f"“{text}” stands for a fact that facts.json does not have", _NUMBER))
        elif not any(is_printed(text, fact) for fact in meant):
            wrong.append(fault(place, f"the page says “{text}”, the fact is {meant[0].printed}", _NUMBER))
        elif all(fact.definition != title for fact in meant):
            wrong.append(fault(place, f"“{text}” has another definition than in facts.json", _NUMBER))
        elif (value := element.get("value")) is not None and value not in {fact.printed for fact in meant}:
            wrong.append(fault(place, f"for programs the page says “{value}”, the fact is {meant[0].printed}", _NUMBER))
    return count, wrong


def is_printed(text: str, fact: Known) -> bool:
    """Whether a text is the fact as the language prints it: alone, counted with its own noun, or with another one.

    A noun of another kind stands where the language has it, beside the number or around it, and holds no digit.
    """
    if text in {" ".join(form.split()) for form in fact.forms}:
        return True
    if isinstance(fact.value, bool) or not isinstance(fact.value, int):
        return False
    if fact.unit and text == counted(fact.value, fact.unit, fact.unit):
        return True
    if text.count(numeral(fact.value)) == 1:
        return not _DIGIT.search(text.replace(numeral(fact.value), ""))
    around = re.escape(word("number", "{number} {noun}")).replace(r"\{noun\}", r"\D+")
    forms = "|".join(map(re.escape, sorted(fact.forms)))
    return re.fullmatch(around.replace(r"\{number\}", f"(?:{forms})"), text) is not None


def faults_of_statements(stored: Stored, facts: Mapping[str, Known]) -> tuple[int, list[Fault]]:
    """How many statements the data page lists, and which do not hold or do not stand so on their page."""
    page = stored.pages.get(_DATA)
    rows = page.xpath("//table[contains(@class, 'statements')]/tbody/tr") if page is not None else []
    values = {name: known.value for name, known in facts.items()}
    count, wrong = 0, []
    open_, href = True, ""
    listed: set[tuple[str, str]] = set()
    for row in rows:
        heads, cells = row.xpath("./th"), row.xpath("./td")
        if len(heads) != 1 or len(cells) != 3:
            wrong.append(fault(stored.named(_DATA), "a row of the table of statements is not whole", _SENTENCE))
            continue
        if links := heads[0].xpath("./a/@href"):
            href, open_, count = str(links[0]), True, count + 1
        target, _, anchor = href.partition("#")
        target = target or _DATA
        place = stored.named(f"{target}#{anchor}" if anchor else _DATA)
        condition = squeezed((cells[1].xpath("./code") or [cells[1]])[0])
        try:
            holds = condition == "otherwise" or parse(condition).holds(values)
        except BriefError as error:
            wrong.append(fault(place, error.faults[0].what, _SENTENCE))
            continue
        if squeezed(cells[2]) != (say("yes") if holds else say("no")):
            wrong.append(
                fault(
                    place,
                    f"the condition “{condition}” {'holds' if holds else 'does not hold'} for these facts",
                    _SENTENCE,
                )
            )
        sentence = squeezed(cells[0])
        if holds and open_ and anchor:
            listed.add((target, anchor))
            wrong += _sentence(stored, target, anchor, sentence, place)
        open_ = open_ and not holds
    for name, tree in stored.pages.items():
        for element in tree.xpath("//*[starts-with(@id, 'statement-')]"):
            if (name, element.get("id")) not in listed:
                place = stored.named(f"{name}#{element.get('id')}")
                wrong.append(fault(place, "the data page lists no such statement that holds", _SENTENCE))
    return count, wrong


def _sentence(stored: Stored, target: str, anchor: str, sentence: str, place: str) -> Iterator[Fault]:
    page = stored.pages.get(target)
    elements = page.xpath("//*[@id=$anchor]", anchor=anchor) if page is not None else []
    if not elements:
        yield fault(place, f"the statement “{sentence[:60]}” stands nowhere on its page", _SENTENCE)
    elif letters(seen(elements[0])) != letters(sentence):
        yield fault(place, f"the page does not say what the data page lists: “{sentence[:80]}”", _SENTENCE)


def seen(element: Element) -> str:
    """The words of a piece of prose as its author wrote them: without heading and links to sources."""
    left = (
        "self::script or self::style or (@class='headerlink' and .='\u00b6') or @class='bibtex-citation'"
        " or (self::details and @class='notes') or (self::h2 and starts-with(@id, 'about-'))"
    )
    return " ".join(element.xpath(f".//text()[not(ancestor::*[{left}])]"))


def letters(text: str) -> str:
    """The letters and digits of a text in a row: what white space, marks and the ends of lines do not change."""
    return "".join(_WORD.findall(text))
