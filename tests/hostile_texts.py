"""Text from outside at its worst, and a brief that holds it wherever its contract lets a text stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

import topics
from brief.contract import files as contract_files
from brief.contract import tables, text_files
from brief.contract.tables import Column
from brief.data import appraisal
from brief.data import claims as record
from brief.data import voices as pieces

TEXTS = [
    '<script>window.hacked = 1; alert("x")</script>',
    '"><img src=x onerror="window.hacked = 2">',
    "{eval}`__import__('os').system('true')` {fact}`comments-shown`",
    "```{code-cell} python\nopen('hacked', 'w')\n```",
    "{{ 7 * 7 }} {% raw %} {# comment #}",
    "$x^2$ and $$y$$ and \\(z\\)",
    "datum.value > 0 ? alert(1) : 2",
    '=1+1 and =HYPERLINK("x")',
    "+1 then -2 then @SUM(1)",
    "right \u202eto left\u202c and \u200fמצב\u200e",
    "NA",
    "None",
    "1e5",
    "a line\r\nanother\rand a third\nlast",
    "</script></svg></style>--> <!-- ]]> &amp; &#60;",
    "javascript:alert(1) [link](javascript:alert(2)) ![x](http://evil.example/x.png)",
    '#read("/etc/passwd") ]#panic("hacked") `raw` <label> @reference *strong*',
    "emoji 🙂 and combining e\u0301",
    "long " + "word " * 20_000,
]
SHORT = TEXTS[:-1]
NAMES = "</title><script>window.hacked = 4</script> {{ 1 }} $a$ =1+1"
#: What makes a title longer than a page has room for at its head.
ENDING = f"{' long' * 300} to-the-end"
AUTHOR = '<b onmouseover="window.hacked=3">Ann</b>'
ARTICLE, SOURCE, ADDRESS = "the-gazette-2021-03-01", "source-1", "https://gazette.example/it's?a=1&b=2"
FILES = {**record.FILES, **appraisal.FILES, pieces.FILE: tables.VOICES, "data/corrections.csv": tables.CORRECTIONS}
_IDS = [f"row-{number}" for number in range(1, len(SHORT) + 1)]
_ARGUMENTS = [f"argument-{number}" for number in range(1, len(SHORT) + 1)]
_PARAGRAPHS = [text.replace("\r\n", "\n") for text in SHORT]
_COMMENTS = [f"{topics.COLLECTION}-{number}" for number in range(1, len(SHORT) + 1)]
_CHAINS = [text.replace("\r", " ") for text in SHORT]
#: Cells that the contract holds to more than their kind, row by row and over again; every other text is hostile.
_CELLS: dict[str, list[str]] = {
    "claim_id": _IDS,
    "event_id": _IDS,
    "argument_id": _ARGUMENTS,
    "about": _ARGUMENTS,
    "decided_on": ["2021-04-01"],
    "option_id": _IDS,
    "answers": _IDS,
    "criterion_id": _IDS[:3],
    "coder": ["ann"],
    "assessed_by": ["ann"],
    "comment_id": _COMMENTS,
    "comments": _COMMENTS,
    "item": [f"{ARTICLE}#p{place}" for place in range(1, len(SHORT) + 1)],
    "quote": SHORT,
    "chain": _CHAINS,
    "chain_kinds": [";".join(["unnamed"] * (text.count(";") + 1)) for text in _CHAINS],
    "date": ["2021-04-01"],
    "precision": ["day"],
    "answered": [record.BY_ARTICLE],
    "baseline": ["yes", *[""] * len(SHORT)],
    "rivals": ["job", ""],
    "high": [""],
    "article_id": [ARTICLE],
    "paragraph": [str(place) for place in range(1, len(SHORT) + 1)],
    "segment": ["1"],
    "voice": ["paper", "mayor"],
    "sources": [SOURCE],
    "said": ["reported only"],
    "said_sources": [SOURCE],
    # Of the kinds of claim, every second one is an opinion.
    "holds": ["contested", "opinion"],
    "checked_by": ["ann"],
}


def brief(folder: Path) -> Path:
    """A brief in which every free text is hostile: comments, authors, keys, codes, notes, an article, what stands
    around it, options, corrections, sources and the plan."""
    root = topics.asked(folder, TEXTS, author=[AUTHOR] * len(TEXTS))
    data = root / "data"
    topics.code(data, ["for", "against"] * (len(TEXTS) // 2), note=NAMES)
    for name in ("brief.yml", "codebook.yml", "coders.yml"):
        keys = yaml.safe_load((data / name).read_text(encoding="utf-8"))
        topics.write(data / name, yaml.safe_dump(_hostile_keys(name, keys), allow_unicode=True))
    front = {"article_id": ARTICLE, "title": NAMES, "publisher": NAMES, "author": NAMES, "url": ADDRESS}
    front |= {"published": "2021-03-01", "language": "en", "retrieved": "2021-03-02"}
    topics.write(data / "articles" / f"{ARTICLE}.md", contract_files.article_text(front, tuple(SHORT)))
    for file, columns in FILES.items():
        topics.write(root / file, text_files.write_csv(_rows(file, columns), [column.name for column in columns]))
    fields = ", ".join(f"{name}={{{{{NAMES}}}}}" for name in ("author", "title", "howpublished", "note"))
    topics.write(data / "sources.bib", f"@misc{{{SOURCE}, {fields}, year={{2021}}, url={{{ADDRESS}}}}}\n")
    questions = [{"id": f"question-{number}", "plan": text} for number, text in enumerate(SHORT, 1)]
    topics.write(data / "plan.yml", yaml.safe_dump({"questions": questions}, allow_unicode=True))
    since = root / "book" / "topic" / "since.md"
    topics.write(since, f"{since.read_text(encoding='utf-8')}\nIt is told elsewhere {{cite:p}}`{SOURCE}`.\n")
    return root


def _rows(file: str, columns: tuple[Column, ...]) -> list[dict[str, str]]:
    """A row for each text, in which every column of the kind "text" holds one; in each column another."""
    rows = []
    for row in range(3 if file == appraisal.CRITERIA else len(SHORT)):
        cells = {}
        for place, column in enumerate(columns):
            texts = SHORT[place:] + SHORT[:place] if column.kind == "text" else list(column.values) or [""]
            texts = _PARAGRAPHS if file == pieces.FILE and column.name == "text" else _CELLS.get(column.name, texts)
            cells[column.name] = texts[row % len(texts)]
        rows.append(cells)
    # The first option is the one that the others are compared with.
    return rows[1:] if file == appraisal.ASSESSMENTS else rows


def _hostile_keys(file: str, keys: Any) -> Any:
    if file == "brief.yml":
        for key in ("title", "subtitle", "question", "audience", "publisher", "contact"):
            keys[key] = f"{key} {NAMES}"
        keys["title"] += ENDING
        keys["collections"][0] |= {"unit": "note", "units": "notes", "how": NAMES, "more_evidence": NAMES}
        keys |= {"articles": [ARTICLE], "site_url": ADDRESS.partition("?")[0], "redirects": {"old-page": "comments"}}
    elif file == "coders.yml":
        keys[0] |= {"name": NAMES, "how": NAMES}
    else:
        keys["question"] = NAMES
        keys["voices"] = [{"id": name} for name in ("paper", "mayor")]
        for code in keys["themes"] + keys["stances"] + keys["voices"]:
            code |= {"label": f"{code['id']} {NAMES}", "definition": NAMES, "include": NAMES, "cues": [NAMES]}
    return keys
