"""What the analysis of the comments finds, computed once for a brief; facts, tables and figures are given it.

Every part has a number of comments, texts or readings from which on it says anything. Below, it is empty and gives the
reason: at seven comments each is shown, and nothing is estimated.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from brief.analysis import alignment, attributes, coding, distinct
from brief.contract.kept_work import done_once
from brief.contract.noting import Noting
from brief.contract.plain_frames import frame_of, plain
from brief.data.brief import READER, Brief
from brief.findings import naming, passes, population
from brief.prose.catalogue import say
from brief.scripts import is_unspaced

if TYPE_CHECKING:
    from brief.analysis.exemplars import Audit
    from brief.analysis.segmenting import Segmenter
    from brief.analysis.theming import Themes
    from brief.data.samples import Sample

SCORED_AT_ONCE = 5_000
"""So many texts are scored by a model at a time: their words do not lie in memory all together."""
_GROUPED = ("theme", "found", "stance")
_AS_SHOWN = ("text", "author", "posted_at", "language", "parent_id", "edited_at")
_NUMBERS = ("likes", "votes_for", "votes_against")


@dataclass(frozen=True)
class Findings(Noting):
    """The analysis of a brief's comments, each part computed when it is first asked for.

    The libraries that learn from texts are loaded then, and not for a brief that is too small for them.
    """

    brief: Brief
    looked_at: dict[str, list[str]] = field(default_factory=dict, compare=False)
    """The files that each function of facts, figures and tables has looked at, by the function's dotted name."""

    def noted(self, made_by: str, files: Iterable[str]) -> None:
        """Keep which files a function has looked at, as paths of the brief; what lies elsewhere is none of its data."""
        root = f"{self.brief.root}/"
        named = {file.removeprefix(root) for file in files}
        self.looked_at[made_by] = sorted(name for name in named if not name.startswith("/"))

    @cached_property
    def coder(self) -> str | None:
        """Whose codings are printed, as `coding.coder_shown` decides."""
        return coding.coder_shown(self.brief.codings, self.brief.topic.coder)

    @cached_property
    def comments(self) -> pd.DataFrame:
        """Every comment as it is shown, read once: the columns of `coding.annotate`; text and author as they may leave
        the store; posted_at, edited_at, language, parent_id; likes, votes_for, votes_against; label, what it is called;
        digest, that of the stored text; and the attributes that readers see.
        """
        return self._read[0]

    @cached_property
    def attributes(self) -> dict[str, Mapping[str, int]]:
        """The attributes of comments that readers see counted, each with how many comments have each value."""
        return self._read[1]

    @property
    def asking(self) -> dict[str, set[str]]:
        """By attribute the collections that have it: of a comment of another nobody asked it."""
        return self._read[2]

    def asked(self, rows: pd.DataFrame, name: str) -> pd.DataFrame:
        """Those of the comments, each with its collection_id, whose collection has an attribute."""
        return rows[rows["collection_id"].isin(self.asking[name])]

    @property
    def attributes_beside(self) -> list[str]:
        """Those beside each comment: only what `data/brief.yml` names, since several together may tell who wrote it."""
        return list(self.attributes) if self.brief.topic.attributes is not None else []

    @cached_property
    def _read(self) -> tuple[pd.DataFrame, dict[str, Mapping[str, int]], dict[str, set[str]]]:
        with self.brief.speaking():
            return self._as_shown()

    def _as_shown(self) -> tuple[pd.DataFrame, dict[str, Mapping[str, int]], dict[str, set[str]]]:
        asked = self.brief.topic.attributes
        counts: attributes.Counts = {}
        parts = []
        asking: dict[str, set[str]] = {}
        for stored, shown in passes.published(self.brief):
            rows = coding.annotate(shown, self.brief.codings, self.coder)
            digests = pd.Series([distinct.digest(text) for text in stored["text"]], dtype="str")
            counts = attributes.merge(counts, attributes.count(shown, asked or ()), asked or ())
            held = [name for name, count in counts.items() if count is not None and name in shown]
            for name in held:
                asking.setdefault(name, set()).update(shown["collection_id"])
            cells = {name: shown[name].to_list() for name in (*_AS_SHOWN, *held)}
            numbers = {name: shown[name].array for name in _NUMBERS}
            parts.append(rows.assign(**cells, **numbers, digest=digests))
        if not parts:
            columns = [*coding.ROW_COLUMNS, *_AS_SHOWN, *_NUMBERS, "digest", "label"]
            empty = pd.DataFrame({name: pd.Series(dtype="str") for name in columns})
            return empty.assign(coded=empty["coded"].astype("bool"), position=pd.Series(dtype="Int64")), {}, {}
        chosen = attributes.seen(counts, asked)
        unseen = [name for name in counts if name not in chosen]
        comments = pd.concat([part.drop(columns=unseen, errors="ignore") for part in parts], ignore_index=True)
        seen: dict[str, Mapping[str, int]] = {}
        for name in chosen:
            shown_as = {value: self.brief.masking.shown(value) for value in counts[name] or {}}
            values = comments[name].fillna("").map(attributes.tidied).map(shown_as)
            comments[name] = values.fillna("").astype("str")
            seen[name] = attributes.count(comments[[name]], chosen)[name] or {}
        places, named = naming.places_of(self.brief), ["comment_id", "collection_id", "position"]
        labels = [naming.label(self.brief, row, places) for row in naming.rows_of(comments[named])]
        return comments.assign(label=pd.Series(labels, dtype="str", index=comments.index)), seen, asking

    @cached_property
    def summary(self) -> pd.DataFrame:
        """The counts of all comments, as `coding.summarise` gives them."""
        return coding.summarise(self.comments)

    @cached_property
    def unspaced(self) -> bool:
        """Whether most comments set no space between words and nothing tells them apart: nothing is looked for then."""
        texts = self.comments["text"]
        return self.segmenter is None and 2 * sum(map(is_unspaced, texts)) > len(texts)

    @cached_property
    def segmenter(self) -> Segmenter | None:
        """What tells words apart where most comments set no space between them; None where they do, or it is missing.

        What is analysed has spaces then, and what is shown has not.
        """
        from brief.analysis import segmenting

        return segmenting.segmenter(list(self.comments["text"]))

    def _worded(self, texts: Iterable[str]) -> list[str]:
        """Texts with a space between any two words."""
        return [self.segmenter(text) if self.segmenter is not None else text for text in texts]

    def as_written(self, words: str) -> str:
        """Words that the analysis gives, as people write them."""
        from brief.analysis import segmenting

        return segmenting.joined(words) if self.segmenter is not None else words

    @cached_property
    def worded(self) -> pd.DataFrame:
        """The comments with a space between any two words: for the analysis, and not to be shown."""
        if self.segmenter is None:
            return self.comments
        return self.comments.assign(text=pd.Series(self._worded(self.comments["text"]), dtype="str"))

    @cached_property
    def aligned(self) -> pd.DataFrame:
        """What each comment answers and raises, as `alignment.annotate` gives it.

        For a comment that nobody has looked at, the claim is suggested whose words are most like it, if any are.
        """
        by_hand, claims = self.brief.claim_register.alignment, self.brief.claim_register.article_claims
        new = self.worded.loc[~self.comments["comment_id"].isin(set(by_hand["comment_id"])), ["comment_id", "text"]]
        suggested = None
        if len(claims) and len(new) and not self.unspaced:
            targets = pd.DataFrame({"target_id": claims["claim_id"], "text": self._worded(claims["quote"])})
            suggested = _suggested(new.reset_index(drop=True), targets)
            suggested = suggested[suggested["target_id"] != ""]
        return alignment.annotate(self.comments, by_hand, suggested)

    @cached_property
    def texts(self) -> pd.DataFrame:
        """The distinct texts among them, as `distinct.distinct_texts` gives them."""
        return distinct.distinct_texts(self.comments)

    @cached_property
    def campaigns(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Which text and campaign each comment is, as `campaigns.assign` tells, and each campaign, as `describe` does.

        A template has a space between any two words.

        What stands in a question or in an article counts as nobody's words: comments quote it.
        """
        from brief.analysis import campaign_texts, campaigns

        dated = self.worded[["comment_id", "text", "posted_at"]]
        asked = [collection.question for collection in self.brief.collections if collection.question]
        printed = [text for article in self.brief.articles for text in (article.title, *article.paragraphs)]
        dated = dated[:0] if self.unspaced else dated
        assigned = campaigns.assign(dated, self._worded([*asked, *printed]))
        return assigned, campaign_texts.describe(dated, assigned)

    @cached_property
    def not_compared(self) -> int:
        """Among how many comments no campaign was looked for, because their words cannot be told apart."""
        from brief.analysis import campaigns

        texts = self.comments["text"]
        return len(texts) if self.unspaced else int((~campaigns.are_read(texts)).sum())

    @cached_property
    def campaign_versions(self) -> pd.DataFrame:
        """The versions of each campaign that were sent most, as `campaign_texts.versions` gives them."""
        from brief.analysis import campaign_texts

        texts = self.worded[["comment_id", "text"]]
        versions = campaign_texts.versions(texts[:0] if self.unspaced else texts, self.campaigns[0])
        written = versions["comment_id"].map(self.comments.set_index("comment_id")["text"])
        return versions.assign(text=written.astype("str"))

    @cached_property
    def hand(self) -> pd.DataFrame:
        """The comments that the printed coder read, if that coder is a person: comment_id, text, stance, themes.

        Their texts have a space between any two words.
        """
        known = self.brief.coders
        readers = set(known.loc[known["kind"] == READER, "coder_id"]) if len(known) else set()
        coded = self.comments["coded"].astype("bool") & (self.coder in readers)
        rows = self.worded[coded]
        return rows[["comment_id", "text", "stance", "themes"]].reset_index(drop=True)

    @cached_property
    def compared(self) -> list[str]:
        """The coders whose agreement is told: those who read independently of each other."""
        from brief.analysis import agreement

        read = set(self.brief.codings["coder_id"])
        return [coder for coder in agreement.independent_coders(self.brief.coders) if coder in read]

    @cached_property
    def agreement(self) -> tuple[pd.DataFrame, str]:
        """The table of `agreement.agreement`, and why it is empty where it is."""
        from brief.analysis import agreement

        themes = [code.id for code in naming.codes(self.brief, "themes")]
        coefficients = agreement.agreement(self.brief.codings, self.compared, themes, self.brief.stance_only)
        return coefficients, agreement.why_none(self.brief.codings, self.compared)

    @cached_property
    def machine_report(self) -> tuple[pd.DataFrame, str]:
        """How well a model trained on the hand codes codes stances it has not seen, and why that is not told."""
        from brief.analysis import machine_coding

        if self.unspaced or len(self.hand) < machine_coding.FEWEST_CODED:
            reason = say(
                "A model is trained from {fewest_coded} comments on that a person has classified.",
                fewest_coded=machine_coding.FEWEST_CODED,
            )
            return pd.DataFrame(columns=list(machine_coding.REPORT_COLUMNS)), reason
        vectors = self.brief.topic.text_vectors
        unseen, report = machine_coding.cross_validated(self.hand, vectors=vectors)
        return report, machine_coding.fit(self.hand, vectors=vectors).reason or machine_coding.why_no_better(unseen)

    @cached_property
    def sample(self) -> Sample | None:
        """The largest recorded sample that the printed coder, a person, has coded whole; None where there is none."""
        from brief.data import samples

        read = set(self.hand["comment_id"])
        every = [samples.read(self.brief.root, path.stem) for path in samples.files(self.brief.root)]
        whole = [sample for sample in every if read.issuperset(sample.comments)]
        return max(whole, key=lambda sample: (len(sample.comments), sample.sample_id), default=None)

    @cached_property
    def shares(self) -> tuple[pd.DataFrame, str]:
        """The table of `shares.shares` for stances, and why it is empty where it is."""
        from brief.analysis import cross_fitting, machine_coding, shares

        texts, hand, reason = self._sampled
        if reason:
            return pd.DataFrame(columns=list(shares.COLUMNS)), reason
        stances = [code.id for code in naming.codes(self.brief, "stances")]
        machine = None
        common = hand["stance"].value_counts() >= machine_coding.FEWEST_OF_A_CLASS
        if len(hand) >= machine_coding.FEWEST_CODED and common.sum() > 1 and not self.unspaced:
            fitted = cross_fitting.cross_fit(hand, stances, "stance", self.brief.topic.text_vectors)
            starts = range(0, len(texts), SCORED_AT_ONCE)
            parts = (cross_fitting.score_sums(fitted, texts[start : start + SCORED_AT_ONCE]) for start in starts)
            machine = fitted, cross_fitting.merge(parts)
        return shares.shares(hand, stances, shares.frame(texts), machine=machine), ""

    @cached_property
    def shares_by_attribute(self) -> pd.DataFrame:
        """The shares of stances within each value of each attribute: attribute, value, and `shares.COLUMNS`.

        Those of distinct texts, by hand codes alone, where a group has enough of them for an interval: within a group
        the texts that were drawn are a random sample of the group's texts.
        """
        from brief.analysis import shares

        texts, _, reason = self._sampled
        parts = []
        stances = [code.id for code in naming.codes(self.brief, "stances")]
        for name, counts in self.attributes.items() if not reason and stances else ():
            for value, rows in attributes.divided(self.asked(texts, name), name, attributes.values(counts)):
                drawn = set(self.sample.comments if self.sample else ())
                estimates = shares.within(rows, rows["comment_id"].isin(drawn), stances)
                parts.append(estimates.assign(attribute=name, value=value))
        if not parts:
            return pd.DataFrame(columns=["attribute", "value", *shares.COLUMNS])
        return pd.concat(parts, ignore_index=True)

    @cached_property
    def _sampled(self) -> tuple[pd.DataFrame, pd.DataFrame, str]:
        """The distinct texts that the sample was drawn from, those drawn, and why there are none where there are none.

        Columns: those of `population.frame`, and those of the comments.
        """
        empty = pd.DataFrame()
        if self.sample is None:
            return empty, empty, say("No random sample of the comments has been classified by a person.")
        frame, _ = population.frame(self.brief, self.comments, self.sample.by)
        if population.population_digest(frame) != self.sample.population_sha256:
            return empty, empty, say("The comments are no longer those that the sample was drawn from.")
        texts = frame.merge(
            self.worded[["comment_id", "collection_id", "text", "stance", *self.attributes]], on="comment_id"
        )
        return texts, texts[texts["comment_id"].isin(self.sample.comments)], ""

    @cached_property
    def themes(self) -> Themes:
        """Themes of the comments that no theme of the codebook covers."""
        from brief.analysis import segmenting, theming

        uncovered = self.worded[self.comments["themes"] == ""]
        if self.unspaced or len(uncovered) < theming.LEAST_TEXTS:
            reason = say("Themes are sought from {least_texts} distinct texts on.", least_texts=theming.LEAST_TEXTS)
            return theming.Themes(reason=reason, sought=False)
        spoken = self.brief.languages()
        own = zip(uncovered["language"], uncovered["collection_id"], strict=True)
        languages = [str(language) or spoken.get(str(collection), "") for language, collection in own]
        read = uncovered[["comment_id", "text", "stance", "collection_id"]].assign(language=languages)
        read = read.merge(self.campaigns[0][["comment_id", "campaign_id"]], on="comment_id", how="left")
        themes = theming.find(
            read,
            left_out=self._worded(naming.asked(self.brief)),
            vectors=self.brief.topic.text_vectors,
            is_parted=self.segmenter is not None,
        )
        if self.segmenter is None:
            return themes
        stored = dict(zip(self.comments["comment_id"], self.comments["text"], strict=True))
        pairs = zip(themes.exemplars["quote"], themes.exemplars["comment_id"], strict=True)
        quotes = [segmenting.verbatim(quote, stored[comment]) for quote, comment in pairs]
        named = {
            column: ["; ".join(map(self.as_written, names.split("; "))) for names in themes.themes[column]]
            for column in ("name", "phrases")
        }
        return replace(themes, themes=themes.themes.assign(**named), exemplars=themes.exemplars.assign(quote=quotes))

    @cached_property
    def exemplars(self) -> pd.DataFrame:
        """The comments that are quoted of each theme and stance: theme, found, stance, rank, comment_id.

        A comment without a theme of the codebook counts for the theme that was found for it (`found`), if one was; what
        is quoted of one group is not quoted of another again. None where all comments are listed anyway.
        """
        from brief.analysis import exemplars

        if self.unspaced or len(self.comments) < exemplars.LEAST_COMMENTS:
            return pd.DataFrame({name: pd.Series(dtype="str") for name in (*_GROUPED, "rank", "comment_id")})
        rows = self.worded[["comment_id", "text", "stance", "themes"]]
        read = pd.Series([coding.theme_ids(cell) or [""] for cell in rows["themes"]], rows.index, dtype="object")
        rows = rows.assign(theme=read).explode("theme")
        members = self.themes.members
        themes = dict(zip(members["comment_id"], members["theme_id"], strict=True))
        covered = rows["theme"] != ""
        rows["found"] = rows["comment_id"].map(lambda name: themes.get(name, "")).where(~covered, "")
        chosen = exemplars.choose(rows.reset_index(drop=True), list(_GROUPED))
        return chosen.drop_duplicates("comment_id", ignore_index=True)

    @cached_property
    def own_words(self) -> dict[str, str]:
        """The comments that are quoted, by id, without what most of their collection share."""
        from brief.analysis import letterheads

        quoted = set(self.exemplars["comment_id"])
        if not quoted:
            return {}
        names = [*self.texts["comment_id"], *sorted(quoted - set(self.texts["comment_id"]))]
        rows = self.comments.set_index("comment_id").loc[names]
        rest = letterheads.without(list(rows["text"]), list(rows["collection_id"]))
        return {name: text for name, text in zip(names, rest, strict=True) if name in quoted}

    @property
    def is_audited(self) -> bool:
        """Whether there are texts enough to measure if the quoted ones stand for all."""
        from brief.analysis import exemplars

        return not exemplars.too_little(len(self.texts), len(self._quoted_texts))

    @cached_property
    def _quoted_texts(self) -> list[str]:
        """The distinct texts of which a copy is quoted, each by its first comment."""
        comments = self.comments
        quoted = comments["comment_id"].isin(set(self.exemplars["comment_id"]))
        texts = set(distinct.digests(comments.loc[quoted, "text"]))
        return sorted(self.texts.loc[self.texts["digest"].isin(texts), "comment_id"])

    @cached_property
    def audit(self) -> Audit:
        """How well the quoted comments stand for all distinct texts, each in every group that a copy of it is in."""
        from brief.analysis import exemplars

        comments = self.comments
        kinds = {
            "stance": distinct.values_of_copies(comments, "stance", coding.NOT_CODED),
            "themes": distinct.values_of_copies(comments, "themes", ""),
        }
        first = self.worded.assign(**kinds)[comments["comment_id"].isin(self.texts["comment_id"])]
        return exemplars.audit(first[["comment_id", "text", "stance", "themes"]], self._quoted_texts)


def _suggested(texts: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """The target that each text is most like, as `matching.suggest` gives it; looked for once."""

    def make() -> bytes:
        from brief.analysis import matching

        return json.dumps(plain(matching.suggest(texts, targets))).encode()

    given = (json.dumps(plain(texts)), json.dumps(plain(targets)))
    return frame_of(json.loads(done_once("suggested", given, make)))
