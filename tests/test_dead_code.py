"""No code lies about that nothing uses: `vulture` over all that runs, the chapters' cells with it, the tests left out.

What only a test uses is dead as well, unless it is listed here with the reason. So is what others call by its name.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path

from vulture import Vulture

from conftest import ROOT

#: What registers a function, which is then found in the registry.
REGISTERED = ["@figure", "@table", "@provides_facts", "@main.command", "@_teaching"]
#: Names that others read or call, by who they are.
CALLED_BY_OTHERS = {
    "Sphinx and docutils": (
        *("visit_*", "depart_*", "has_content", "option_spec", "required_arguments", "optional_arguments"),
        "final_argument_whitespace",
        *("default_priority", "apply", "allow_parallel", "index_page", "dump_search_index", "dump_inventory"),
        *("gen_indices", "init_js_files", "init_css_files", "_js_files", "_css_files", "fignumbers", "secnumbers"),
        *("dlpath", "imgpath", "keep_going", "warningiserror", "templatename"),
        *("copysource", "get_output_path"),
    ),
    "the configuration of the site": (
        *("html_*", "nb_*", "bibtex_*", "nitpicky", "smartquotes", "exclude_patterns", "include_patterns"),
        *("external_toc_exclude_missing", "external_toc_path"),
    ),
    "Jupyter": ("_repr_mimebundle_", "ExhibitRenderer", "mime_priority_overrides", "handle_mime", "renderer"),
    "the kernel's client": ("transport_encryption", "kernel_spec"),
    "click": ("parameter",),
    "the parsers of HTML and XML": (
        "handle_startendtag",
        "handle_data",
        "unknown_decl",
        "doctype",
        "pubid",
        "system",
    ),
    "the server": ("log_message", "list_directory", "do_GET", "do_HEAD", "protocol_version"),
    "writers of archives, workbooks, YAML, BibTeX and catalogues": (
        *("external_attr", "freeze_panes", "number_format", "quotePrefix", "preserve_quotes"),
        *("_encode", "mime_headers"),
    ),
    "python-docx": (
        *("last_modified_by", "revision", "base_style", "rtl"),
        *("created", "modified"),
        *("page_height", "page_width", "*_margin", "rgb", "underline", "superscript", "space_after"),
        *("keep_with_next", "keepNext_val", "pageBreakBefore_val"),
    ),
    "the library of the double ratchet": ("_get_hash_function", "_get_info"),
    "what reads the parts of a brief by name": ("audience", "cues", "drawn_at"),
    "tests, which measure the colours with it": ("contrast", "dark_values", "*_PAGE", "*_CONTRAST"),
    "tests, which hold each statement under every division of the comments": ("merged_stance",),
}


def cells(to: Path) -> Path:
    """The code of all chapters' cells, as one file."""
    chapters = sorted((ROOT / "book").rglob("*.md"))
    found = [
        cell
        for path in chapters
        for cell in re.findall(r"```\{code-cell\}[^\n]*\n(.*?)```", path.read_text("utf-8"), re.S)
    ]
    assert found
    to.write_text("\n".join(re.sub(r"^:.*$|^---\n.*?^---$", "", cell, flags=re.M | re.S) for cell in found), "utf-8")
    return to


def test_nothing_lies_about_that_nobody_uses(tmp_path: Path) -> None:
    vulture = Vulture(ignore_decorators=[f"{name}*" for name in REGISTERED])
    vulture.scavenge(
        [str(ROOT / name) for name in ("src", "tools", "benchmarks")] + [str(cells(tmp_path / "cells.py"))]
    )
    unused = vulture.get_unused_code()
    patterns = [pattern for names in CALLED_BY_OTHERS.values() for pattern in names]
    unexplained = [item for item in unused if not any(fnmatchcase(item.name, pattern) for pattern in patterns)]
    assert [item.get_report() for item in unexplained] == []
    idle = [pattern for pattern in patterns if not any(fnmatchcase(item.name, pattern) for item in unused)]
    assert idle == [], "take these off the list"
