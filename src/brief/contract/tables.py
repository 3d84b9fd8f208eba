"""The contract of `data/`: every column and key is declared here, once, for validation and for the data dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from brief.contract.columns import ID as ID
from brief.contract.columns import WHOLE_NUMBER as WHOLE_NUMBER
from brief.contract.columns import Column as Column
from brief.contract.columns import optional as _optional

COMMENTS = (
    Column("comment_id", "id", "The comment's name, unique in the brief and never like a number."),
    _optional("parent_id", "id", "The comment that this one answers."),
    _optional("position", "whole number", "The place in the collection, from 1."),
    _optional("author", "text", "The name shown on the page; the site shows a pseudonym instead."),
    _optional("posted_at", "date", "When it was posted."),
    _optional("language", "language tag", "The language, as a BCP 47 tag such as en."),
    _optional("likes", "whole number", "How often readers liked it."),
    _optional("votes_for", "whole number", "Votes that agree."),
    _optional("votes_against", "whole number", "Votes that disagree."),
    _optional(
        "status",
        "one of",
        "Whether it is shown. A withdrawn comment has no text; one that is gone is not in a newer export.",
        *("published", "withdrawn", "gone"),
    ),
    _optional("edited_at", "date", "When its author edited it."),
    _optional("source", "text", "The file or page it came from."),
    Column("text", "text", "The comment, verbatim."),
)
CODINGS = (
    Column("comment_id", "id", "The comment that was read."),
    Column("codebook_version", "text", "The version of the codebook it was read with."),
    Column("stance", "id", "A stance of the codebook."),
    _optional("stance_in_thread", "id", "The stance when the comment is read with its neighbours, where it differs."),
    _optional("themes", "ids", "Themes of the codebook, separated by semicolons."),
    _optional("certainty", "id", "A certainty of the codebook."),
    _optional("irony", "one of", "Whether the coder read it as ironic.", "yes"),
    _optional("boundary", "one of", "A doubt whether a new comment begins here.", "may continue the previous"),
    _optional("text_read", "one of", "Which text was read, where it is not the one of today.", "earlier"),
    _optional("note", "text", "The coder's note."),
    _optional("checked_by", "id", "The person of data/coders.yml who checked this reading afterwards."),
    Column("coded_at", "date", "When it was read."),
)
VOICES = (
    Column("article_id", "id", "The article."),
    Column("paragraph", "whole number", "The paragraph, from 1."),
    Column("segment", "whole number", "The piece within the paragraph, from 1."),
    Column("voice", "id", "A voice of the codebook."),
    Column("coder", "id", "Who cut the text and named the voice."),
    Column("text", "text", "The piece, verbatim; together the pieces are the paragraph."),
    _optional("note", "text", "Why, where another cut is possible."),
)
_CAME_IN = ("raw", "article", "comment")
LEDGER = (
    Column("recorded_at", "date", "When it was recorded."),
    Column(
        "event", "one of", "What happened.", values=(*_CAME_IN, "table", "edit", "withdrawal", "removal", "name", "key")
    ),
    Column(
        "item", "text", "The file, the article's paragraph (id#p3) or the comment; of a table, all texts of the file."
    ),
    Column("sha256", "text", "Of a paragraph its SHA-256; else that under the key named last above, HMAC-SHA256."),
    _optional("note", "text", "Why."),
)
_SOURCES = Column("sources", "keys", "Keys of data/sources.bib, separated by semicolons.", required=False)
CLAIMS = (
    Column("claim_id", "id", "The claim."),
    Column("item", "text", "Where it is made: a paragraph (ARTICLE#p3) or a comment."),
    Column("quote", "text", "Its words, verbatim; checked like any quotation."),
    _optional(
        "subject", "text", "Who or what the words are about, where they do not say it; readers see it in brackets."
    ),
    Column("speaker", "text", "Who makes it."),
    Column("chain", "text", "On whose word the reader has it, from the page to the origin, separated by semicolons."),
    Column("chain_kinds", "text", "For each of these: organisation, named person or unnamed."),
    Column("kind", "one of", "What kind of claim it is.", values=("reported fact", "demand", "prediction", "opinion")),
    Column(
        "said",
        "one of",
        "Was it said? On record: another source has it from somebody who is named. Own words: the page says it itself.",
        values=("on record", "reported only", "own words"),
    ),
    Column("said_sources", "keys", "Keys of data/sources.bib for who said it, separated by semicolons.", False),
    Column(
        "holds",
        "one of",
        "Does it hold? A demand or an opinion is an opinion here: no source could settle it.",
        values=(
            *("supported", "one side only", "wrong in a detail", "context missing", "contested"),
            *("not settled", "no support found", "not checked", "opinion"),
        ),
    ),
    Column("why", "text", "Why it has these two statuses, in a sentence or a few."),
    Column("sources", "keys", "Keys of data/sources.bib for whether it holds, separated by semicolons.", False),
    Column("checked_by", "id", "The coder of data/coders.yml who set both and checked that the words bear them."),
)
TIMELINE = (
    Column("event_id", "id", "The event."),
    Column("date", "text", "The date, as precise as it is known: 2016, 2016-11 or 2016-11-29."),
    Column("precision", "one of", "How precise the date is.", values=("day", "month", "year")),
    Column(
        "kind",
        "one of",
        "Whether it is known to have happened, or was reported.",
        values=("happened", "reported"),
    ),
    Column("shown", "one of", "Whether it stands in the picture; the table has every event.", values=("yes", "no")),
    _optional("lane", "text", "The lane of the picture that it stands in."),
    Column("event", "text", "What happened, in a sentence."),
    _SOURCES,
)
EVIDENCE = (
    Column("series", "text", "What was asked or counted, in its own words where they are known."),
    Column("period", "text", "When."),
    Column("value", "text", "The figure as its source gives it."),
    Column("unit", "text", "Of what: the base."),
    _optional("paid_by", "text", "Who paid for it, and which interest they have."),
    _optional("note", "text", "What has to be known to read it."),
    _SOURCES,
    Column("grade", "one of", "A: official or the origin itself; B: a secondary page.", values=("A", "B")),
)
ALIGNMENT = (
    Column("comment_id", "id", "The comment."),
    _optional("answers", "text", "The claim of the article that it responds to; empty where it responds to none."),
    _optional("raises", "id", "A theme of the codebook that it raises and the article does not."),
    Column("coder", "id", "Who set it."),
    _optional("note", "text", "Why."),
)
REPLIES = (
    Column("argument_id", "id", "The argument."),
    Column("argument", "text", "The argument in a sentence, as its makers would put it."),
    Column("comments", "ids", "The comments that make it, separated by semicolons."),
    Column("evidence", "text", "The evidence they give for it, or that they give none."),
    Column("answered", "one of", "Who answers it.", values=("by the article", "by a source", "not answered")),
    _optional("answer", "text", "The answer, in a sentence; empty where there is none."),
    _optional("item", "text", "Where the article answers: its paragraph (ARTICLE#p3)."),
    _optional("quote", "text", "The article's words there, verbatim; checked like any quotation."),
    _SOURCES,
    _optional("checked_by", "id", "The coder who checked that quotation or source bears the answer; needed with one."),
)
DECISIONS = (
    Column("about", "id", "What was decided on: an argument of data/replies.csv or a claim of data/claims.csv."),
    Column(
        "decision",
        "one of",
        "What was decided.",
        values=("accepted", "accepted in part", "not accepted", "for another process"),
    ),
    Column("why", "text", "The reason, in a sentence or a few."),
    _optional("changed", "text", "What changed because of it; empty where nothing did."),
    _optional("stands_in", "text", "Where the decision or the answer stands, such as a document and its paragraph."),
    _optional("url", "web address", "The address of that place."),
    Column("decided_by", "text", "Who decided, by name or office."),
    Column("decided_on", "date", "When it was decided."),
)
LEVELS = ("much worse", "worse", "no change", "better", "much better")
NOT_ASSESSED = "not assessed"
ASKS = ("what is gained", "what is lost", "how it fits")
OPTIONS = (
    Column("option_id", "id", "The option."),
    Column("name", "text", "Its name, in the words of the field."),
    _optional("group", "text", "The group that it is shown in, such as: in use today."),
    Column("what", "text", "What it is, in a sentence."),
    Column("buys", "text", "What it buys, and for whom; 'not assessed' where nobody has looked."),
    Column("costs", "text", "What it costs, and whom; 'not assessed' where nobody has looked."),
    _optional("rivals", "id", "The job it does: options with the same word are rivals; empty where it has no rival."),
    _optional("baseline", "one of", "The option that the others are compared with.", "yes"),
    _optional("holds_while", "condition", "A condition over facts on which buys and costs rest."),
    _SOURCES,
)
CRITERIA = (
    Column("criterion_id", "id", "The criterion."),
    Column("name", "text", "Its name."),
    Column("question", "text", "What it asks of an option."),
    _optional("asks", "one of", "Whether it asks for a gain, for a loss, or for neither.", *ASKS),
    Column("set", "text", "The published set that it is from."),
    _optional("part_of", "id", "The criterion that it is a part of."),
    _optional("shown", "one of", "Whether it stands in the picture; the tables have every criterion.", "yes"),
    _SOURCES,
)
ASSESSMENTS = (
    Column("option_id", "id", "The option."),
    Column("criterion_id", "id", "The criterion."),
    Column("low", "one of", "How it does beside the baseline, at worst.", values=(*LEVELS, NOT_ASSESSED)),
    _optional("high", "one of", "How it does at best; empty where that is the same.", *LEVELS),
    Column("reason", "text", "Why; for what is not assessed, what to ask for."),
    _optional("holds_while", "condition", "A condition over facts on which the assessment rests."),
    _SOURCES,
    Column("assessed_by", "id", "Who assessed it: a coder of data/coders.yml."),
)
CORRECTIONS = (
    Column("date", "date", "When it was corrected."),
    Column("where", "text", "On which page or in which figure."),
    Column("was", "text", "What stood there and was wrong."),
    Column("now", "text", "What stands there now."),
    _optional("note", "text", "Why."),
)
MASKING = (
    Column("comment_id", "comment or *", "The comment that it is decided for; * for every comment."),
    Column("words", "text", "The words, as they stand in the stored text, and not a part of a longer word."),
    Column(
        "decision",
        "one of",
        "mask: never show them. keep: show them, though they look like a name or number.",
        values=("mask", "keep"),
    ),
    _optional("note", "text", "Why."),
)
DRAFTED_BY = ("person", "language model", "person and language model", "not recorded")
BRIEF_KEYS = (
    Column("brief_id", "id", "The brief's name in addresses."),
    Column("title", "text", "The title."),
    Column("subtitle", "text", "The subtitle."),
    Column("question", "text", "The question that the brief answers."),
    Column("audience", "text", "Whom it is written for."),
    Column("publisher", "text", "Who publishes it."),
    Column("contact", "text", "How to report a mistake: an address (https: or mailto:), or a sentence."),
    _optional("authors", "text", "Who wrote the brief; where it is empty the brief says that this is not recorded."),
    _optional("funding", "text", "Who paid for it; where it is empty the brief says that this is not recorded."),
    _optional(
        "drafted_by",
        "one of",
        "What wrote its text; where it is empty the brief says that this is not recorded.",
        *DRAFTED_BY,
    ),
    _optional("reviewed_by", "text", "The person who read the whole text before it was published, by name or office."),
    _optional("responsible", "text", "Who holds editorial responsibility for it: a person or an organisation."),
    Column("edition", "date", "The edition's date, the only clock there is."),
    _optional("searched_to", "day, month or year", "Until when sources were searched: 2026, 2026-07 or 2026-07-31."),
    Column("language", "language tag", "The language of the brief, as a BCP 47 tag such as en."),
    _optional("modules", "list", "Modules of the package that this topic switches on."),
    Column("rights", "one of", "Whether articles are shown in full.", values=("full_text", "excerpt")),
    _optional("site_url", "site address", "Where the site will be, for absolute addresses."),
    _optional("redirects", "pages", "For each page that was renamed: its old name and its new one, without .html."),
    _optional("coder", "id", "Whose codings are printed, where there are several coders."),
    _optional(
        "attributes", "list", "The attributes that readers see beside each comment; without it they are only counted."
    ),
    _optional(
        "text_vectors",
        "one of",
        "What texts are grouped by and stances learned from: words alone, or a model of an installed extra too.",
        *("words", "wordllama", "minilm"),
    ),
    _optional("pdf", "list", "The parts of the short PDF after the key messages, in order."),
    _optional(
        "pdf_fonts", "text", "A folder in book/ with fonts for the PDFs, where the program has none for the script."
    ),
    _optional("articles", "list", "The articles, in order."),
    _optional("collections", "list", "The collections of comments, in order."),
    _optional("ledger", "text", "How many rows the ledger has, and their fingerprint; the program writes it."),
)
COLLECTION_KEYS = (
    Column("id", "id", "The collection; its comments are in data/comments/ under this name."),
    _optional("article", "id", "The article that the comments stand under."),
    _optional("question", "text", "The question that the comments answer, where there is no article."),
    _optional("unit", "text", "What a row is called; comment where it is not said."),
    _optional("units", "text", "The plural of it."),
    _optional("how", "text", "How the comments were gathered."),
    _optional(
        "comments",
        "storage address",
        "Where the comments are kept outside the brief; `brief fetch` copies them from there.",
    ),
    _optional("more_exist", "yes or no", "Whether more comments exist than are held: true, false or unknown."),
    _optional("more_evidence", "text", "The words of the page that suggest it."),
)
ARTICLE_KEYS = (
    Column("article_id", "id", "The article; its file has the same name."),
    Column("title", "text", "The headline, verbatim."),
    Column("publisher", "text", "Who published it."),
    _optional("author", "text", "The author, where the page names one."),
    _optional("published", "date", "When it was published."),
    _optional("url", "web address", "Where the original is."),
    Column("language", "language tag", "Its language, as a BCP 47 tag such as en."),
    _optional("retrieved", "date", "When it came into this brief."),
)
CODER_KEYS = (
    Column("id", "id", "The coder; the codings are in data/codings/ under this name."),
    Column("name", "text", "What the brief calls the coder."),
    Column(
        "kind",
        "one of",
        "What the coder is.",
        values=("person", "rules", "trained model", "language model", "not recorded"),
    ),
    Column("blind", "yes or no", "Whether the coder read without seeing other codings: true, false or unknown."),
    Column("independent", "yes or no", "Whether the coder worked independently of the others: true, false or unknown."),
    Column("how", "text", "How the coding was made."),
    _optional(
        "checked_by", "text", "The person who checked all of it; empty where nobody has or where it was not recorded."
    ),
)
CODE_KEYS = (
    Column("id", "id", "The code's name in data."),
    Column("label", "text", "What readers see."),
    Column("definition", "text", "When it applies."),
    _optional("include", "text", "What belongs under it."),
    _optional("exclude", "text", "What does not."),
    _optional("examples", "list", "Words of comments that show it, verbatim."),
    _optional("cues", "list", "Words by which a program may find it."),
)
CODEBOOK_KEYS = (
    Column("version", "text", "The codebook's version."),
    Column("question", "text", "What a coder asks of each comment."),
    Column("stances", "list", "The stances a comment can take."),
    _optional("certainties", "list", "How sure a coder can be."),
    _optional("themes", "list", "What a comment can be about."),
    _optional("voices", "list", "Who can speak in an article."),
)
GLOSSARY_KEYS = (
    Column("term", "text", "The term, as the brief uses it."),
    Column("meaning", "text", "What it means, in plain words."),
    _SOURCES,
)
SAMPLE_KEYS = (
    Column("sample_id", "id", "The sample; its file has the same name."),
    Column("drawn_at", "date", "The date of the edition that it was drawn from."),
    Column("population", "whole number", "How many comments it was drawn from."),
    Column("population_sha256", "text", "The SHA-256 of their ids, sorted, one a line."),
    _optional("by", "text", "What the strata are: stance, theme, collection or a column; empty where there are none."),
    _optional("coder", "id", "Whose codings the strata were made from."),
    Column("seed", "whole number", "The seed: the same seed draws the same comments."),
    Column("rule", "text", "How it was drawn."),
    Column("strata", "list", "The strata, each with the comments drawn from it."),
)
STRATUM_KEYS = (
    Column("value", "text", "What its comments have in common."),
    Column("size", "whole number", "How many comments of the population are in it."),
    Column("drawn", "whole number", "How many were drawn; drawn / size is the chance that one had."),
    Column("comments", "list", "The comments drawn."),
)
PLAN_KEYS = (
    _optional("questions", "list", "The questions that the brief was going to ask."),
    _optional("coders", "list", "Who was going to read: coders of data/coders.yml."),
    _optional("samples", "list", "What was going to be drawn: samples of data/samples/."),
    _optional("figures", "list", "The figures that were going to be shown."),
    _optional("tables", "list", "The tables that were going to be shown."),
)
PLANNED_KEYS = (
    Column("id", "id", "The name of the question, or the id of the coder, sample, figure or table."),
    Column("plan", "text", "What is planned, in a sentence."),
)
QUESTION_KEYS = (
    *PLANNED_KEYS,
    _optional("answered_by", "text", "What answers it: figure ID, table ID or statement NAME; empty until it is."),
)
PLAN_HISTORY = (
    Column("item", "text", "A part of the plan, such as question ID; or a file of comments, codings or a sample."),
    Column(
        "event",
        "one of",
        "planned: from this commit on it stood so. dropped: it was taken out. data: the file was there.",
        values=("planned", "dropped", "data"),
    ),
    Column("commit", "text", "The commit of the brief's repository."),
    Column("committed_on", "date", "The date that the commit carries."),
    _optional("before", "text", "The files of data that came into the history after this commit, with semicolons."),
    _optional("plan", "text", "What was planned from then on."),
    _optional("sha256", "text", "The SHA-256 of the item, a line end and what was planned."),
)
CONTRACT: Mapping[str, tuple[Column, ...]] = {
    "data/brief.yml": BRIEF_KEYS,
    "data/brief.yml, collections": COLLECTION_KEYS,
    "data/articles/*.md": ARTICLE_KEYS,
    "data/comments/*.csv": COMMENTS,
    "data/ledger.csv": LEDGER,
    "data/masking.csv": MASKING,
    "data/codebook.yml": CODEBOOK_KEYS,
    "data/codebook.yml, each code": CODE_KEYS,
    "data/coders.yml": CODER_KEYS,
    "data/glossary.yml": GLOSSARY_KEYS,
    "data/codings/*.csv": CODINGS,
    "data/samples/*.yml": SAMPLE_KEYS,
    "data/samples/*.yml, each stratum": STRATUM_KEYS,
    "data/plan.yml": PLAN_KEYS,
    "data/plan.yml, each question": QUESTION_KEYS,
    "data/plan.yml, each coder, sample, figure or table": PLANNED_KEYS,
    "data/plan-history.csv": PLAN_HISTORY,
    "data/voices.csv": VOICES,
    "data/claims.csv": CLAIMS,
    "data/timeline.csv": TIMELINE,
    "data/evidence.csv": EVIDENCE,
    "data/alignment.csv": ALIGNMENT,
    "data/replies.csv": REPLIES,
    "data/decisions.csv": DECISIONS,
    "data/corrections.csv": CORRECTIONS,
    "data/options/options.csv": OPTIONS,
    "data/options/criteria.csv": CRITERIA,
    "data/options/assessments.csv": ASSESSMENTS,
}
#: Further columns of comments: attributes, such as a role or a region.
EXTRA_COLUMN = re.compile(r"attr_[a-z0-9_]+")


def dictionary(of_modules: Mapping[str, tuple[Column, ...]] | None = None) -> pd.DataFrame:
    """The data dictionary: file, column, required (yes or no), kind, description; a row a column or key.

    `of_modules` are the files of the modules that a topic switches on, which stand at the end.
    """
    rows = [
        (
            file,
            column.name,
            "yes" if column.required else "no",
            f"{column.kind}: {', '.join(column.values)}" if column.values else column.kind,
            column.description,
        )
        for file, columns in {**CONTRACT, **(of_modules or {})}.items()
        for column in columns
    ]
    return pd.DataFrame(rows, columns=["file", "column", "required", "kind", "description"])


def in_order(names: Iterable[str], columns: tuple[Column, ...]) -> list[str]:
    """Names of columns in the order of the contract, each once; others stand before its last column, the text."""
    order = [column.name for column in columns]
    others = len(order) - 1.5
    return sorted(dict.fromkeys(names), key=lambda name: order.index(name) if name in order else others)
