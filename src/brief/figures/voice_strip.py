"""The voice strip: who fills the article? Its words as blocks, a row a paragraph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

import pandas as pd

from brief.analysis import voices
from brief.figures import COMPACT, NARROW, WIDE, Figure, Unavailable, figure
from brief.figures.drawing.palette import colour, series
from brief.figures.drawing.sheet import DASHES, Sheet
from brief.figures.drawing.text import BOLD, clip, width
from brief.findings import naming
from brief.findings.facts import Fact
from brief.prose.catalogue import say, say_of
from brief.prose.language import capital, counted, listed, numeral
from brief.scripts import is_unspaced

if TYPE_CHECKING:
    from brief.data.brief import Brief
    from brief.findings.findings import Findings

NOT_CUT = ""
"""Stands for a voice where nobody has read a paragraph."""


@dataclass(frozen=True)
class Voice:
    """A voice that occurs: its label and words, and the sign and colour of its blocks (no sign: nobody has read it)."""

    label: str
    words: int
    sign: str
    paint: str

    @property
    def said(self) -> str:
        """Its words, as a phrase."""
        return counted(self.words, "word", "words")


@figure("voice-strip")
def voice_strip(findings: Findings, facts: Mapping[str, Fact]) -> Figure | Unavailable:
    """Who speaks in the articles: the words of each segment, by paragraph and voice."""
    brief = findings.brief
    if not len(brief.voices):
        return Unavailable(say("The article has not been read for who speaks in it."))
    rows = _with_the_rest(brief, voices.annotate(brief.voices))
    if not rows["words"].sum():
        return Unavailable(say("The article has no words to count."))
    if is_unspaced(" ".join(rows["text"])):
        return Unavailable(say("The words of the article are not separated by spaces, so they are not counted."))
    said_by = _voices(brief, rows)
    titles = {article.article_id: naming.short(article.title) for article in brief.articles}
    about = set(rows["article_id"])
    articles = listed(naming.article_named(article) for article in brief.articles if article.article_id in about)
    by_voice = [
        say("{label}, {said} in {where}", label=voice.label, said=voice.said, where=_where(rows, code, titles))
        for code, voice in said_by.items()
    ]
    whole = counted(int(rows["words"].sum()), "word", "words")
    return Figure(
        headline=_headline(said_by, whole),
        subtitle=say(
            "Words by who is speaking, a row for each paragraph of {articles}; base: {whole}",
            articles=articles,
            whole=whole,
        ),
        alt=(
            say(
                "A row of blocks for each paragraph, each block as long as the words of a sentence or a part "
                "of it. By voice: {by_voice}.",
                by_voice="; ".join(by_voice),
            )
        ),
        note=(
            say(
                "Length shows the number of words given to a voice. It does not show weight, truth or bias. "
                "A coder judged who is speaking; the data of the figure mark where that is in doubt."
            )
        ),
        source=say("{articles}, cut by who is speaking; {readers}", articles=articles, readers=_readers(brief, rows)),
        texts_of_articles=("Text",),
        data=_table(brief, rows, said_by, titles),
        column_notes={
            "Words": say("Pieces of text between white space that have a letter or a digit."),
            "Voice": say("Who is speaking, as the codebook defines it."),
        },
        wide=_draw(rows, said_by, titles, WIDE),
        narrow=_draw(rows, said_by, titles, NARROW),
        compact=_draw(rows, said_by, titles, COMPACT),
    )


def _with_the_rest(brief: Brief, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows, with those paragraphs of the same articles that nobody has cut as rows of no voice."""
    cut = set(zip(rows["article_id"], rows["paragraph"], strict=True))
    rest = [
        (article.article_id, number, 1, NOT_CUT, "", text, "")
        for article in brief.articles
        if article.article_id in set(rows["article_id"])
        for number, text in enumerate(article.paragraphs, start=1)
        if (article.article_id, number) not in cut
    ]
    columns = list(voices.SEGMENT_COLUMNS)
    return voices.annotate(pd.concat([rows[columns], pd.DataFrame(rest, columns=columns)])) if rest else rows


def _voices(brief: Brief, rows: pd.DataFrame) -> dict[str, Voice]:
    """The voices that occur, in the codebook's order; what nobody has read comes last."""
    known = naming.labels(brief, "voices")
    total = voices.by_voice(voices.summarise(rows), list(known))
    words = {str(code): int(number) for code, number in zip(total["voice"], total["words"], strict=True) if number}
    order = sorted(words, key=lambda code: code == NOT_CUT)
    return {
        code: Voice(
            label=known.get(code, code) or say("Not read yet"),
            words=words[code],
            sign=ascii_uppercase[place % len(ascii_uppercase)] if code != NOT_CUT else "",
            paint=series(place),
        )
        for place, code in enumerate(order)
    }


def _headline(said_by: Mapping[str, Voice], whole: str) -> str:
    read = [voice for code, voice in said_by.items() if code != NOT_CUT]
    longest = [voice for voice in read if voice.words == max(other.words for other in read)]
    if len(longest) == 1:
        return say(
            "The longest voice in the article is {label}: {words} of its {whole}",
            label=longest[0].label,
            words=numeral(longest[0].words),
            whole=whole,
        )
    return say(
        "{label} are equally long voices, with {said} each",
        label=capital(listed(voice.label for voice in longest)),
        said=longest[0].said,
    )


def _where(rows: pd.DataFrame, code: str, titles: Mapping[str, str]) -> str:
    own = rows[rows["voice"] == code].drop_duplicates(["article_id", "paragraph"])
    said = []
    for article, paragraphs in own.groupby("article_id", sort=False)["paragraph"]:
        numbers = say_of(
            len(paragraphs), "paragraph {numbers}", "paragraphs {numbers}", numbers=listed(map(str, paragraphs))
        )
        several = rows["article_id"].nunique() > 1
        said.append(
            say("{numbers} of “{title}”", numbers=numbers, title=titles.get(str(article), article))
            if several
            else numbers
        )
    return listed(said)


def _readers(brief: Brief, rows: pd.DataFrame) -> str:
    known = dict(zip(brief.coders["coder_id"], brief.coders["name"], strict=True)) if len(brief.coders) else {}
    return say(
        "reading: {names}",
        names=listed(dict.fromkeys(str(known.get(coder, coder)) for coder in rows["coder"] if coder)),
    )


def _table(brief: Brief, rows: pd.DataFrame, said_by: Mapping[str, Voice], titles: Mapping[str, str]) -> pd.DataFrame:
    columns = {
        "Article": [titles.get(article, article) for article in rows["article_id"]],
        "Paragraph": rows["paragraph"].to_list(),
        "Voice": [said_by[code].label if code in said_by else code for code in rows["voice"]],
        "Words": rows["words"].to_list(),
        "Text": rows["text"].to_list(),
        "Note": rows["note"].to_list(),
    }
    if rows["article_id"].nunique() == 1:
        del columns["Article"]
    if brief.topic.rights != "full_text":
        del columns["Text"]
    return pd.DataFrame(columns)


def _draw(rows: pd.DataFrame, said_by: Mapping[str, Voice], titles: Mapping[str, str], room: int) -> dict[str, Any]:
    sheet = Sheet(room)
    wide = room >= COMPACT
    y = _key(sheet, list(said_by.values()), columns=2 if room >= WIDE else 1) + 14
    left = 104 if wide else 0
    paragraphs = rows.groupby(["article_id", "paragraph"], sort=False)
    scale = (room - left) / max(int(paragraphs["words"].sum().max()), 1)
    dense = paragraphs.ngroups > 40
    high, gap = (12, 3) if dense else (14, 4) if room == COMPACT and paragraphs.ngroups > 8 else (32, 10)
    article_before = None
    for (article, number), segments in paragraphs:
        if rows["article_id"].nunique() > 1 and article != article_before:
            sheet.text(0, y + 18, clip(titles.get(str(article), str(article)), room, 14, BOLD), 14, weight=BOLD)
            y, article_before = y + 30, article
        label = say("Paragraph {number}", number=number)
        if wide:
            sheet.text(0, y + high / 2 + 4.5, label, 11 if dense else 13, fill=colour("soft"))
        else:
            y = sheet.lines(0, y, [label], 12, 18, fill=colour("soft"))
        for segment in naming.rows_of(segments):
            words = segment["words"]
            if words:
                x = left + segment["first_word"] * scale
                _block(sheet, x, y, max(words * scale - 2, 1), high, said_by[segment["voice"]], words)
        y += high + gap
    sheet.height = y - gap + 2
    return sheet.spec()


def _key(sheet: Sheet, listed: list[Voice], columns: int) -> float:
    """The voices with their letters and words, in columns. Returns the lower edge."""
    each = sheet.width / columns
    for place, voice in enumerate(listed):
        x, y = (place % columns) * each, (place // columns) * 30
        _block(sheet, x, y, 22, 22, voice)
        name = clip(voice.label, each - 30 - 18 - width(voice.said, 13), 13, BOLD)
        sheet.text(x + 30, y + 15.5, name, 13, weight=BOLD)
        sheet.text(x + 30 + width(name, 13, BOLD) + 6, y + 15.5, voice.said, 13, fill=colour("soft"))
    return -(-len(listed) // columns) * 30


def _block(sheet: Sheet, x: float, y: float, long: float, high: float, voice: Voice, words: int | None = None) -> None:
    """One block with its letter and, where there is room, its words; dashed and empty where nobody has read it."""
    tells: dict[str, str | int] = {} if words is None else {"Voice": voice.label, "Words": words}
    if not voice.sign:
        sheet.box(
            x + 1, y + 1, max(long - 2, 1), high - 2, stroke=colour("line"), dash=DASHES[1], radius=2, tells=tells
        )
        return
    sheet.box(x, y, long, high, fill=voice.paint, radius=2, tells=tells)
    middle, on = y + high / 2, colour("on-series")
    if long >= 14 and high >= 20:
        sheet.text(x + min(long / 2, 14), middle + 5, voice.sign, 14, weight=BOLD, fill=on, align="center")
    if words is not None and high >= 20 and long >= 36 + width(str(words), 13):
        sheet.text(x + long - 9, middle + 4.5, numeral(words), 13, fill=on, align="right")
