"""Briefs held in memory, with the parts that figures and tables read: an invented topic of any size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from brief.contract.tables import Column
from brief.data import appraisal as weighed
from brief.data import glossary
from brief.data.appraisal import Appraisal
from brief.data.brief import normal
from brief.data.claims import FILES, ClaimRegister
from brief.data.plan import Plan
from brief.prose.catalogue import speaking
from brief.prose.masking import Masking

COLLECTION = "gazette-2020-05-01"
PARAGRAPHS = (
    "The council wants to close Mill Lane to cars, it said on Monday. “We have counted "
    "900 cars a day,” a speaker said.",
    "Shops are worried — some of them, at least.",
)
SEGMENTS = (
    (1, 1, "council", "The council wants to close Mill Lane to cars, it said on Monday."),
    (1, 2, "council", "“We have counted 900 cars a day,” a speaker said."),
    (2, 1, "shops", "Shops are worried —"),
    (2, 2, "paper", "some of them, at least."),
)
STANCES = (
    *(("for", "For closing"), ("against", "Against closing"), ("mixed", "Mixed")),
    *(("no-position", "No position"), ("cannot-tell", "Cannot tell")),
)
CERTAINTIES = (("clear", "Clear"), ("probable", "Probable"))
THEMES = (("noise", "Noise"), ("trade", "Trade"), ("safety", "Safety"))
VOICES = (("council", "The council"), ("shops", "Shops"), ("paper", "The paper itself"))


def code(code_id: str, label: str) -> SimpleNamespace:
    return SimpleNamespace(
        id=code_id, label=label, definition=f"What {label} means.", include="", exclude="", examples=(), cues=()
    )


def codebook(**changed: Any) -> SimpleNamespace:
    parts = {"stances": STANCES, "certainties": CERTAINTIES, "themes": THEMES, "voices": VOICES}
    listed = {name: tuple(code(*entry) for entry in changed.pop(name, entries)) for name, entries in parts.items()}
    return SimpleNamespace(version="1", question=changed.pop("question", "Should Mill Lane be closed?"), **listed)


def comments(texts: Sequence[str]) -> pd.DataFrame:
    """Comments as a brief gives them, numbered from 1."""
    places = [str(place) for place in range(1, len(texts) + 1)]
    names = [f"{COLLECTION}-{place}" for place in places]
    stored = pd.DataFrame({"comment_id": names, "position": places, "text": list(texts)}, dtype="str")
    return normal(stored, COLLECTION)


def codings(*rows: tuple[int, str] | tuple[int, str, str] | tuple[int, str, str, str]) -> pd.DataFrame:
    """Codings by one coder: place of the comment, stance, [themes, [certainty]]."""
    columns = ["comment_id", "stance", "themes", "certainty"]
    filled = [(f"{COLLECTION}-{row[0]}", *row[1:], *[""] * (4 - len(row))) for row in rows]
    frame = pd.DataFrame(filled, columns=columns).assign(coder_id="ann", stance_in_thread="", boundary="", note="")
    return frame.astype("str")


def voices(segments: Sequence[tuple[int, int, str, str]] = SEGMENTS) -> pd.DataFrame:
    rows = [(COLLECTION, paragraph, place, voice, "ann", text, "") for paragraph, place, voice, text in segments]
    return pd.DataFrame(rows, columns=["article_id", "paragraph", "segment", "voice", "coder", "text", "note"])


def frames(
    tables: Sequence[Sequence[tuple[str, ...]]], files: Mapping[str, tuple[Column, ...]]
) -> Iterator[pd.DataFrame]:
    """The rows of each file as a frame with the columns that its contract names."""
    for rows, columns in zip(tables, files.values(), strict=True):
        yield pd.DataFrame(rows, columns=[column.name for column in columns]).astype("str")


def claim_register() -> ClaimRegister:
    """Three claims of the article and one of a letter, events of each precision, a poll, and what letters answer."""
    claims = [
        ("count", "p1", "900 cars a day", "The Gazette; the council; a speaker", "organisation; organisation; unnamed"),
        ("worry", "p2", "Shops are worried", "The Gazette; shops", "organisation; named person"),
        ("close", "p1", "wants to close Mill Lane to cars", "The Gazette", "organisation"),
    ]
    subjects = {"close": "The council"}
    rows = [
        (name, f"{COLLECTION}#{place}", quote, subjects.get(name, ""), "", chain, kinds)
        for name, place, quote, chain, kinds in claims
    ]
    rows.append(("noise", f"{COLLECTION}-1", "the noise is bad", "", "A reader", "a reader", "unnamed"))
    judged = ("reported fact", "own words", "", "supported", "It was counted.", "gazette2020", "ann")
    filled = [(*row, *judged) for row in rows]
    events = [
        ("opened", "2014", "year", "happened", "yes", "Lane", "Mill Lane opens.", "gazette2020"),
        ("counted", "2020-02", "month", "reported", "yes", "Council", "The cars are counted.", "gazette2020"),
        ("wanted", "2020-05-01", "day", "happened", "yes", "Council", "The council wants to close it.", "gazette2020"),
        ("closed", "2021-01-01", "day", "happened", "no", "Lane", "It is closed.", "gazette2020"),
    ]
    at = [(1, "close", ""), (1, "", "noise"), (2, "worry", ""), (2, "close", ""), (3, "", "")]
    aligned = [(f"{COLLECTION}-{place}", claim, theme, "ann", "") for place, claim, theme in at]
    replies = [("noise", "Cars are loud.", f"{COLLECTION}-1", "None given.", "not answered", "", "", "", "", "")]
    return ClaimRegister(*frames((filled, events, [], aligned, replies, []), FILES))


def no_claims() -> ClaimRegister:
    """Nothing gathered around the article."""
    return ClaimRegister(
        *(pd.DataFrame(columns=[column.name for column in columns], dtype="str") for columns in FILES.values())
    )


def appraisal() -> Appraisal:
    """Three options that are rivals, one that is not, and two criteria, one of them with a part."""
    options = [
        (
            "open",
            "Open lane",
            "as it is",
            "Cars drive as they do.",
            "Quick ways.",
            "Noise.",
            "lane",
            "yes",
            "",
            "gazette2020",
        ),
        ("closed", "Closed lane", "new", "No cars.", "Quiet.", "Longer ways.", "lane", "", "", "gazette2020"),
        (
            "slow",
            "Slow lane",
            "new",
            "Cars drive slowly.",
            "Less noise.",
            "Longer ways.",
            "lane",
            "",
            "",
            "gazette2020",
        ),
        ("trees", "Trees", "new", "Trees are planted.", "Shade.", "not assessed", "", "", "", "gazette2020"),
    ]
    criteria = [
        ("quiet", "Quiet", "To what extent is it quiet?", "what is gained", "The Gazette", "", "yes", "gazette2020"),
        ("nights", "Nights", "To what extent at night?", "what is gained", "The Gazette", "quiet", "", "gazette2020"),
        ("trade", "Trade", "To what extent do shops sell?", "what is lost", "The Gazette", "", "yes", "gazette2020"),
    ]
    assessments = [
        ("closed", "quiet", "much better", "", "No cars, no noise.", "", "gazette2020", "ann"),
        ("closed", "trade", "worse", "no change", "Shops differ.", "", "gazette2020", "ann"),
        ("closed", "nights", "better", "", "Nights are quiet already.", "comments-shown > 0", "", "ann"),
        ("slow", "quiet", "no change", "better", "It depends on who drives.", "", "gazette2020", "ann"),
        ("slow", "trade", "not assessed", "", "Ask what shops sell.", "", "", "ann"),
        ("trees", "quiet", "better", "", "Leaves.", "", "gazette2020", "ann"),
    ]
    return Appraisal(*frames((options, criteria, assessments), weighed.FILES))


def no_appraisal() -> Appraisal:
    """No options laid open."""
    columns = [[column.name for column in listed] for listed in weighed.FILES.values()]
    return Appraisal(*(pd.DataFrame(columns=names, dtype="str") for names in columns))


def brief(texts: Sequence[str] = (), **changed: Any) -> Any:
    """A brief with these comments; `codings`, `voices`, `codebook`, `more_exist`, `batch`, `title`, `language`."""
    frame = comments(texts)
    batch = changed.get("batch", 2)
    article = SimpleNamespace(
        article_id=COLLECTION,
        title=changed.get("title", "Mill Lane to close"),
        publisher="The Gazette",
        published=dt.date(2020, 5, 1),
        paragraphs=PARAGRAPHS,
    )
    collection = SimpleNamespace(
        collection_id=COLLECTION,
        article_id=COLLECTION,
        question=None,
        unit="letter",
        units="letters",
        how="Cut out of the paper.",
        more_exist=changed.get("more_exist", True),
        more_evidence="See all letters",
    )

    def batches(batch_rows: int = batch) -> Iterator[pd.DataFrame]:
        for start in range(0, len(frame), batch_rows):
            yield frame.iloc[start : start + batch_rows]

    coders = pd.DataFrame(
        [("ann", "Ann", "person", True, True, "By hand.")],
        columns=["coder_id", "name", "kind", "blind", "independent", "how"],
    )
    return SimpleNamespace(
        root=Path(__file__).parent / "cases" / "no-such-folder",
        topic=SimpleNamespace(
            coder=None,
            title="Mill Lane",
            question="What do readers say?",
            text_vectors="words",
            modules=(),
            rights=changed.get("rights", "full_text"),
            attributes=None,
            language=changed.get("language", "en"),
            authors="",
            funding="",
            drafted_by="not recorded",
            reviewed_by="",
            responsible="",
            publisher="The Gazette",
            contact="Write to the desk.",
            site_url="",
        ),
        articles=(article,),
        collections=(collection,),
        codebook=changed.get("codebook", codebook()),
        coders=coders,
        codings=changed.get("codings", codings()),
        voices=changed.get("voices", voices()),
        comments=batches,
        languages=dict,
        speaking=lambda: speaking(changed.get("language", "en")),
        masking=Masking(),
        plan=Plan(),
        without_text=0,
        withdrawn=(),
        stance_only=changed.get("stance_only", frozenset()),
        claim_register=changed.get("claim_register", claim_register()),
        appraisal=changed.get("appraisal", appraisal()),
        glossary=glossary.empty(),
        sources={"gazette2020": {"author": "The Gazette", "year": "2020"}},
    )


LETTERS = ("Close it, the noise is bad.", "My shop needs the cars.", "Which lane?", "Yes and no.", "Ask the police.")
CODED = codings(
    (1, "for", "noise;safety", "clear"),
    (2, "against", "trade", "probable"),
    (3, "cannot-tell"),
    (4, "mixed"),
    (5, "for"),
)
