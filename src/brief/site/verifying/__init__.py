"""Checking a published brief without trusting who published it: `verify` and what it reports.

Works on a folder or an archive alone, offline. What a site says of itself more than once must agree: the manifest with
the files, each number with its fact, each condition with the facts, each quotation with the stored text, each table
with its file and the archives, the PDFs with the pages, each edition with the one before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from brief.contract import manifest
from brief.contract.manifest import NAME
from brief.contract.signatures import PublicKey
from brief.errors import BriefError, Fault, fail
from brief.prose.catalogue import speaking
from brief.site import tracing
from brief.site.verifying import copies, facts, listing, papers, pictures, signed, traces, words
from brief.site.verifying.stored import Stored, fault, of_archive, of_folder

_ALTERED = "altered.json"
_REWRITTEN = (
    "Whether somebody rewrote all copies of a number, its facts and the manifest alike: compare the digest of the "
    "manifest with one that the publisher gave elsewhere (--digest), or the facts with the brief's own data (--data)"
)


def so_many(number: int, noun: str, nouns: str) -> str:
    """A number with its noun, in numerals: a report is read beside another, and in the language of the program."""
    return f"{number} {noun if number == 1 else nouns}"


@dataclass
class Report:
    """What was found: the findings, what was checked, what was not and why, and the digest of the manifest."""

    findings: list[Fault] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    digest: str = ""
    sound: str = "Nothing contradicts the manifest or itself."

    def text(self) -> str:
        """The report for people."""
        lines = [str(finding) for finding in dict.fromkeys(self.findings)]
        lines += [""] * bool(lines)
        lines += ["Checked:", *(f"  {line}" for line in self.checked)]
        lines += ["Not checked:", *(f"  {line}" for line in self.unchecked)]
        if self.digest:
            lines.append(f"SHA-256 of the manifest: {self.digest}")
        number = len(set(self.findings))
        lines.append(f"{so_many(number, 'finding', 'findings')}." if number else self.sound)
        return "\n".join(lines)


def verify(path: Path, digest: str = "", data: Path | None = None, key: PublicKey | None = None) -> Report:
    """Check a published brief.

    In: the folder of a site, a publication or an edition, or a ZIP archive of one (or of a brief's data); the digest of
    the manifest as it is known from elsewhere; the folder of the brief, to compute the facts from anew; the public
    key of the publisher. Raises `BriefError` for what is neither folder nor archive.
    """
    report = Report()
    editions: dict[str, Stored] = {}
    if path.is_dir():
        newest, editions = of_folder(path), listing.editions_in(path)
        _check(newest, report)
        report.findings += listing.faults_beside(path)
        if editions:
            for stored in editions.values():
                _check_edition(stored, newest, report)
            report.findings += listing.faults_of_chain(newest, editions)
            report.checked.append(
                f"{so_many(len(editions), 'edition', 'editions')} in their order, each naming the one before"
            )
    elif path.is_file():
        newest = of_archive(path)
        _check(newest, report)
    else:
        raise fail(f"there is no '{path.name}'", "Name the folder of a published brief, or a ZIP archive of one.")
    if digest and report.digest != digest.lower():
        what = f"the digest of the manifest is {report.digest or 'not known'}, not {digest.lower()}"
        report.findings.append(fault(NAME, what, "This is not the edition that the digest was given for."))
    if key is not None:
        said, wrong = signed.faults_of_signatures(newest, editions, key)
        report.checked += said
        report.findings += wrong
    elif signed.is_signed(newest):
        report.unchecked.append("The signature of the manifest: give the public key of the publisher (--key).")
    if data is not None:
        try:
            _against(newest, data, report)
        except BriefError as error:
            report.findings += _placed(error.faults, data.name)
    if not digest and key is None:
        report.unchecked.append(f"{_REWRITTEN}.")
    report.findings = _placed(report.findings, path.name)
    return report


def _placed(findings: Sequence[Fault], place: str) -> list[Fault]:
    """Findings with a place; those that name none are of the whole."""
    return [finding if finding.file else replace(finding, file=place) for finding in findings]


def _check_edition(stored: Stored, newest: Stored, report: Report) -> None:
    """An earlier edition. One from before there were manifests is named; the copy of the newest is compared with it."""
    if NAME not in stored.names:
        report.unchecked.append(f"{stored.place.rstrip('/')}: it has no manifest.")
    elif listing.same_manifest(stored, newest):
        listed, _ = listing.read_manifest(stored)
        report.findings += listing.faults_of_files(stored, listed) if listed is not None else ()
    else:
        _check(stored, report)


def _check(stored: Stored, report: Report) -> None:
    before = len(report.findings)
    listed, wrong = listing.read_manifest(stored)
    report.findings += wrong
    where = f"{stored.place.rstrip('/')}: " if stored.place else ""
    if listed is not None:
        if not stored.place:
            report.digest = manifest.digest((stored.text(NAME) or "").encode())
        report.findings += listing.faults_of_files(stored, listed)
        report.findings += listing.faults_of_date(stored, listed)
        size = so_many(len(listed.files), "file", "files")
        report.checked.append(f"{where}{size} of the edition of {listed.edition} against the manifest")
        for date, old in listed.former:
            report.checked.append(
                f"{where}its manifest was made anew with the edition of {date}, instead of {old[:12]}…"
            )
    report.findings += stored.unreadable
    for part in (_numbers, _copies, _quotations, _papers):
        if _ALTERED in stored.names and part is not _numbers:
            continue
        try:
            report.findings += part(stored, report, where)
        except BriefError as error:
            report.findings += error.faults
    if _ALTERED in stored.names:
        report.unchecked.append(f"{where}quotations, copies and PDFs: comments were withdrawn from this edition.")
    if len(report.findings) == before and not stored.has_pages:
        report.unchecked.append(f"{where}pages: there are none here, only data.")


def _numbers(stored: Stored, report: Report, where: str) -> Iterator[Fault]:
    known = facts.read(stored)
    language, wrong = facts.language_of(stored, known)
    yield from wrong
    if not facts.can_be_read(language):
        report.unchecked.append(f"{where}numbers and statements: no catalogue of the language '{language}' is here.")
        return
    # Words of numbers, dates and "yes" are those of the brief's language; the report is in that of the program.
    with speaking(language):
        wrong = list(facts.faults_of_printed(stored, known))
        if stored.has_pages:
            wrong += facts.faults_of_table(stored, known)
        numbers, of_prose = facts.faults_of_prose(stored, known)
        statements, of_statements = facts.faults_of_statements(stored, known)
    yield from (*wrong, *of_prose, *of_statements)
    report.checked.append(f"{where}{so_many(len(known), 'fact', 'facts')} of {facts.FILE} against their print")
    if stored.has_pages:
        report.checked.append(f"{where}{so_many(numbers, 'number', 'numbers')} of prose against their facts")
        each = so_many(statements, "statement", "statements")
        report.checked.append(f"{where}{each}: each condition, and each sentence on its page")
    if _ALTERED not in stored.names:
        yield from _trace(stored, known, report, where)


def _trace(stored: Stored, known: Mapping[str, facts.Known], report: Report, where: str) -> Iterator[Fault]:
    traced = traces.faults_of_trace(stored, known)
    yield from traced.wrong
    if traced.missing:
        report.unchecked.append(f"{where}numbers that no markup names as a fact: {traced.missing}.")
    elif not traced.wrong:
        counts = (so_many(count, "number", "numbers") for count in (traced.pages, traced.papers))
        report.checked.append("{}{} of pages and {} of PDFs against {}".format(where, *counts, tracing.FILE))
        report.unchecked.append(
            f"{where}numbers that authors wrote into prose (dates, names): that they stand so in {tracing.FILE} alone."
        )


def _copies(stored: Stored, report: Report, where: str) -> Iterator[Fault]:
    if not stored.has_pages:
        return
    count, wrong = listing.faults_of_links(stored)
    yield from wrong
    report.checked.append(f"{where}{so_many(count, 'file', 'files')} that pages lead to")
    count, wrong = copies.faults_of_copies(stored)
    yield from wrong
    report.checked.append(
        f"{where}{so_many(count, 'file', 'files')} against the copies in the archives and their descriptions"
    )
    count, wrong = copies.faults_of_tables(stored)
    yield from wrong
    report.checked.append(f"{where}{so_many(count, 'table', 'tables')} of pages against their CSV files, cell by cell")
    count, wrong = pictures.faults_of_pictures(stored)
    yield from wrong
    report.checked.append(
        f"{where}{so_many(count, 'figure', 'figures')}: numbers and words of the pictures (SVG, Vega-Lite)"
    )
    report.unchecked.append(
        f"{where}pictures of figures as PNG, and what is drawn without words: by their digest alone."
    )


def _quotations(stored: Stored, report: Report, where: str) -> Iterator[Fault]:
    if not stored.has_pages:
        return
    quotations, left, wrong = words.faults_of_quotations(stored, words.texts(stored))
    yield from wrong
    report.checked.append(f"{where}{so_many(quotations, 'quotation', 'quotations')} against the stored texts")
    if left:
        report.unchecked.append(
            f"{where}{so_many(left, 'quotation', 'quotations')}: the text is not shown in full here."
        )


def _papers(stored: Stored, report: Report, where: str) -> Iterator[Fault]:
    if not stored.has_pages:
        return
    numbers, unread, wrong = papers.faults_of_papers(stored, traces.chapters(stored))
    yield from wrong
    for name, count in numbers.items():
        report.checked.append(
            f"{where}{name}: {so_many(count, 'paragraph', 'paragraphs')} word for word as on the pages"
        )
        report.unchecked.append(
            f"{where}{name}: pictures, short paragraphs and words of tables in it, by its digest alone."
        )
    report.unchecked += [f"{where}{name}: by its digest alone." for name in unread]


def _against(stored: Stored, root: Path, report: Report) -> None:
    """Compare facts and texts with those that the brief's own data give now."""
    from brief.book import chain, snapshot
    from brief.contract import inputs

    taken = snapshot.take(inputs.find_root(root))
    published, wrong = facts.entries(stored)
    report.findings += wrong
    anew = {name: fact.as_json() for name, fact in taken.facts.items()}
    # Where nothing in the file is a fact, that is the finding, and not that each of them is missing.
    for name in sorted({*published, *anew}) if published or not wrong else ():
        if published.get(name) != anew.get(name):
            now = anew[name]["printed"] if name in anew else "no such fact"
            what = f"the fact {name} is not the one that the data give: {now}"
            report.findings.append(
                fault(stored.named(facts.FILE), what, "The edition was changed, or is of other data.")
            )
    texts = taken.facts_json["texts"]
    shown = words.texts(stored)
    for item, text in shown.items():
        if not text.excerpt and " ".join(text.words.split()) != " ".join(str(texts.get(item, "")).split()):
            what = f"the text {item} is not the one that is stored"
            report.findings.append(fault(f"{text.page}#{item}", what, "The edition was changed, or is of other data."))
    root = inputs.find_root(root)
    report.findings += traces.faults_of_data(stored, dict(inputs.digests(root)))
    report.findings += traces.faults_of_rows(stored, chain.rows_of(taken))
    report.checked.append(
        f"{so_many(len(anew), 'fact', 'facts')} and {so_many(len(shown), 'text', 'texts')} against the brief's own data"
    )
