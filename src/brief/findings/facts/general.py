"""The facts that every brief has: about its articles, its comments, and how the comments were coded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from brief.analysis import coding, merging, voices
from brief.data.brief import EARLIER
from brief.findings import naming
from brief.findings.facts import Fact, counting, provides_facts
from brief.prose.catalogue import message, say, say_again
from brief.scripts import is_unspaced

if TYPE_CHECKING:
    from brief.data.shapes import Code
    from brief.findings.findings import Findings

_ARTICLES, _COMMENTS, _CODINGS = "data/articles/", "data/comments/", "data/codings/"
_CODERS = "data/coders.yml"


def ids(codes: Sequence[Code]) -> list[str]:
    """The ids of a part of the codebook."""
    return [code.id for code in codes]


@provides_facts
def about_articles(findings: Findings) -> Iterator[Fact]:
    """How many articles; paragraphs and words of each and of all; when and by whom published; words by voice."""
    brief = findings.brief
    yield Fact(
        "articles", len(brief.articles), say("Articles that the brief is about."), _ARTICLES, "article", "articles"
    )
    whose = say("the article") if len(brief.articles) == 1 else say("all articles together")
    every = [text for article in brief.articles for text in article.paragraphs]
    yield from _of_texts("articles", "", every, say("all articles together"))
    if len(brief.articles) < 2:
        # Of several, a sentence names which: a sum would stand beside the number of one.
        yield from _of_texts("article", "", every, say("the article"))
    only = brief.articles[0] if len(brief.articles) == 1 else None
    yield Fact(
        "article-published", only.published if only else None, say("The day the article was published."), _ARTICLES
    )
    yield Fact("article-publisher", only.publisher if only else None, say("Who published the article."), _ARTICLES)
    for article in brief.articles:
        which = say("the article '{article_id}'", article_id=article.article_id)
        yield from _of_texts("article", f"-{article.article_id}", article.paragraphs, which)
        published = say("The day {which} was published.", which=which)
        yield Fact(f"article-published-{article.article_id}", article.published, published, _ARTICLES)
        publisher = say("Who published {which}.", which=which)
        yield Fact(f"article-publisher-{article.article_id}", article.publisher, publisher, _ARTICLES)
    if brief.codebook is None or brief.voices.empty:
        return
    counted = voices.by_voice(voices.summarise(voices.annotate(brief.voices)), ids(brief.codebook.voices))
    for row in naming.rows_of(counted):
        label = next((code.label for code in brief.codebook.voices if code.id == row["voice"]), row["voice"])
        yield Fact(
            f"words-{row['voice']}",
            int(row["words"]),
            say(
                "Words of {whose} given to the voice '{label}' by the reading of who speaks.", whose=whose, label=label
            ),
            "data/voices.csv",
            "word",
            "words",
        )


def _of_texts(noun: str, ending: str, paragraphs: Sequence[str], whose: str) -> Iterator[Fact]:
    """How many paragraphs and words an article has, or all articles have together."""
    definition = say("Paragraphs of {whose}.", whose=whose)
    yield Fact(f"{noun}-paragraphs{ending}", len(paragraphs), definition, _ARTICLES, "paragraph", "paragraphs")
    whole = " ".join(paragraphs)
    words = None if is_unspaced(whole) else int(voices.article_words(list(paragraphs))["words"].sum())
    definition = say(
        "Words of the text of {whose} without headlines; a word is a piece between spaces with a letter or a digit.",
        whose=whose,
    )
    yield Fact(f"{noun}-words{ending}", words, definition, _ARTICLES, "word", "words")


def _ended(words: str) -> str:
    """A sentence with a stop at its end."""
    return words if words.endswith((".", "\u3002")) else f"{words}."


@provides_facts
def about_comments(findings: Findings) -> Iterator[Fact]:
    """How many comments are shown, whether there are more, how many of them were withdrawn or added by hand."""
    brief = findings.brief
    unit, units = naming.nouns(brief)
    rows = findings.comments
    every = rows["comment_id"]
    yield counting(
        "comments-shown",
        every,
        say("The {many} that this brief holds and shows.", many=units),
        _COMMENTS,
        unit,
        units,
    )
    definition = say(
        "The {many} whose whole text is a placeholder, such as [deleted], N/A or See attached file(s).", many=units
    )
    yield Fact("comments-without-text", brief.without_text, definition, _COMMENTS, unit, units)
    definition = say("The {many} that are kept and not shown because a newer export no longer has them.", many=units)
    yield Fact("comments-gone", brief.gone, definition, _COMMENTS, unit, units)
    definition = say("The {many} that were withdrawn: their texts are no longer stored.", many=units)
    yield counting("comments-withdrawn", brief.withdrawn, definition, _COMMENTS, unit, units)
    replies = every[rows["parent_id"] != ""]
    definition = say("The {many} that answer another one.", many=units)
    yield counting("comments-replies", replies, definition, _COMMENTS, "reply", "replies")
    seen = len(findings.attributes)
    definition = say("Details that came with the {many} and are shown, such as a role or a region.", many=units)
    yield Fact("comment-attributes", seen, definition, _COMMENTS, "detail", "details")
    early = brief.codings[brief.codings["text_read"] == EARLIER]
    earlier = [f"{row['coder_id']} {row['comment_id']}" for row in naming.rows_of(early)]
    definition = say("Codings of {many} whose text was changed by a newer export after they were read.", many=units)
    yield counting("codings-of-earlier-texts", earlier, definition, _CODINGS, "coding", "codings")
    under = {collection.collection_id for collection in brief.collections if collection.article_id}
    yield counting(
        "comments-under-articles",
        every[rows["collection_id"].isin(under)],
        say("The {many} that stand under an article.", many=units),
        _COMMENTS,
        unit,
        units,
    )
    noted = dict.fromkeys(collection.how for collection in brief.collections if collection.how)
    came = " ".join(_ended(say_again(how)) for how in noted) or message("not recorded")
    yield Fact(
        "comments-came",
        came,
        say("What was noted when the {many} came in.", many=units),
        "data/brief.yml, key collections",
    )
    known = {collection.more_exist for collection in brief.collections}
    more = "yes" if True in known else ("no" if known == {False} else message("not known"))
    asked = say("Whether more {many} exist than the brief holds: yes, no or not known.", many=units)
    yield Fact("more-comments-exist", more, asked, "data/brief.yml, key collections")
    doubtful = merging.doubtful_boundaries(rows)
    yield Fact(
        "boundaries-doubtful",
        doubtful,
        say(
            "Places where the coder doubts whether a new comment begins ({many} that may continue the one before).",
            many=units,
        ),
        _CODINGS,
        "doubtful boundary",
        "doubtful boundaries",
    )
    stances = ids(brief.codebook.stances) if brief.codebook else []
    ranges = merging.ranges(rows, stances).set_index("value")
    yield Fact(
        "comments-fewest",
        int(ranges.loc["comments", "least"]),  # type: ignore[arg-type]
        say("The smallest number of comments in the text, if each comment that may continue the one before does so."),
        _CODINGS,
        "comment",
        "comments",
    )
    for stance in stances:
        for end, word in (("least", message("smallest")), ("greatest", message("greatest"))):
            yield Fact(
                f"stance-{stance}-{'most' if end == 'greatest' else 'least'}",
                int(ranges.loc[stance, end]),  # type: ignore[arg-type]
                say(
                    "The {word} number of comments with the stance '{stance}' over every plausible division "
                    "into comments, each read alone or in its thread.",
                    word=say(word),
                    stance=stance,
                ),
                _CODINGS,
                "comment",
                "comments",
            )


@provides_facts
def about_the_readers(findings: Findings) -> Iterator[Fact]:
    """Who coded the comments, checked the claims and matched the two: what kind of reader, and whether checked."""
    brief = findings.brief
    printed = findings.coder
    roles = {
        "comments": (say("classified the comments"), {printed} if printed else set()),
        "claims": (say("checked the claims"), set(brief.claim_register.claims["checked_by"]) - {""}),
        "responses": (say("matched comments with claims"), set(brief.claim_register.alignment["coder"]) - {""}),
    }
    for role, (did, names) in roles.items():
        rows = brief.coders[brief.coders["coder_id"].isin(names)] if len(brief.coders) else brief.coders
        kinds = sorted(set(rows["kind"]))
        kind = kinds[0] if len(kinds) == 1 else (message("several kinds") if kinds else message("nobody"))
        definition = say(
            "What the reader is who {did}: a person, a kind of program, not recorded, several kinds, or nobody.",
            did=did,
        )
        yield Fact(f"read-by-{role}", kind, definition, _CODERS)
        checked = int((rows["checked_by"] != "").sum()) if len(rows) else 0
        definition = say("Of the readings that {did}, those that somebody checked.", did=did)
        yield Fact(f"checked-{role}", checked, definition, _CODERS, "reading", "readings")


@provides_facts
def about_the_coding(findings: Findings) -> Iterator[Fact]:
    """How many comments were coded, by stance, certainty and theme; how many coders there are."""
    brief = findings.brief
    unit, units = naming.nouns(brief)
    rows = findings.comments
    total = coding.summarise(rows)
    every, coded = rows["comment_id"], rows["coded"].astype("bool")
    yield counting(
        "comments-coded",
        every[coded],
        say("The {many} that were coded.", many=units),
        _CODINGS,
        unit,
        units,
    )
    yield counting(
        "comments-not-coded",
        every[~coded],
        say("The {many} that nobody has coded.", many=units),
        _CODINGS,
        unit,
        units,
    )
    readers = sorted(set(brief.codings["coder_id"])) if len(brief.codings) else []
    yield counting("coders", readers, say("Coders who have read the {many}.", many=units), _CODINGS, "coder", "coders")
    themes = len(naming.codes(brief, "themes"))
    yield Fact("themes", themes, say("Themes in the codebook."), "data/codebook.yml", "theme", "themes")
    if brief.codebook is None:
        return
    book = brief.codebook
    yield Fact("codebook-version", book.version, say("The version of the codebook."), "data/codebook.yml")
    looked = naming.themes_read(brief)
    nobody = coding.themes_with_nobody(total, ids(book.themes)) if looked else []
    yield Fact(
        "themes-with-nobody",
        len(nobody),
        say("Themes of the codebook that no coded {one} has.", one=unit),
        _CODINGS,
        "theme",
        "themes",
    )
    read = coded if looked else coded & False
    definition = say("The coded {many} that the coder read for themes as well.", many=units)
    yield counting("comments-read-for-themes", every[read], definition, _CODINGS, unit, units)
    yield counting(
        "comments-without-theme",
        every[read & (rows["themes"] == "")],
        say("The coded {many} that have no theme.", many=units),
        _CODINGS,
        unit,
        units,
    )
    with_theme: dict[str, list[str]] = {}
    for name, cell in zip(every[coded], rows["themes"][coded], strict=True):
        for theme in coding.theme_ids(cell):
            with_theme.setdefault(theme, []).append(name)
    for kind, codes in (("stance", book.stances), ("certainty", book.certainties), ("theme", book.themes)):
        for code in codes:
            own = with_theme.get(code.id, []) if kind == "theme" else every[coded & (rows[kind] == code.id)]
            yield counting(
                f"{kind}-{code.id}",
                own,
                say(
                    "The {many} coded with the {kind} '{label}': {definition}",
                    many=units,
                    kind=say(kind),
                    label=code.label,
                    definition=code.definition,
                ),
                _CODINGS,
                unit,
                units,
            )
    for code in book.stances:
        yield counting(
            f"thread-{code.id}",
            every[rows["stance_in_thread"] == code.id],
            say(
                "The {many} coded with the stance '{label}' when each is read in its thread.",
                many=units,
                label=code.label,
            ),
            _CODINGS,
            unit,
            units,
        )
