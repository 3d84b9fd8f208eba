"""The theme: readable in light and in dark, with nothing from elsewhere and nothing inline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from brief.contract.inputs import PACKAGE
from brief.figures.drawing.palette import DARK_PAGE, LIGHT_PAGE, contrast

SITE = PACKAGE / "site"
CSS = (SITE / "theme" / "static" / "brief.css").read_text(encoding="utf-8")
TEMPLATES = sorted([*(SITE / "templates").glob("*.html"), *(SITE / "theme").glob("*.html")])
_BLOCK = re.compile(r"(?P<selector>:root[^{,]*)\{(?P<body>[^}]*)\}")
_TOKEN = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")


def tokens(selector: str) -> dict[str, str]:
    blocks = [match for match in _BLOCK.finditer(CSS) if match["selector"].strip() == selector]
    return dict(_TOKEN.findall(blocks[0]["body"]))


MODES = {"light": tokens(":root"), "dark": tokens(':root[data-theme="dark"]')}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("text", ["ink", "quiet", "accent", "warn"])
@pytest.mark.parametrize("ground", ["paper", "raised", "accent-wash"])
def test_text_stands_out_from_its_ground(mode: str, text: str, ground: str) -> None:
    assert contrast(MODES[mode][text], MODES[mode][ground]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_marked_words_and_edges_stand_out(mode: str) -> None:
    assert contrast(MODES[mode]["ink"], MODES[mode]["mark"]) >= 4.5
    assert contrast(MODES[mode]["edge"], MODES[mode]["paper"]) >= 3.0
    assert contrast(MODES[mode]["paper"], MODES[mode]["accent"]) >= 4.5, "the button of the search"


def test_dark_by_choice_is_dark_by_the_system() -> None:
    assert tokens(':root:not([data-theme="light"])') == MODES["dark"]


def test_figures_are_drawn_for_the_grounds_of_the_pages() -> None:
    assert (MODES["light"]["paper"], MODES["dark"]["paper"]) == (LIGHT_PAGE, DARK_PAGE)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_no_inline_script_style_or_stranger(path: Path) -> None:
    markup = path.read_text(encoding="utf-8")
    for script in re.findall(r"<script[^>]*>", markup):
        assert "src=" in script or re.search(r'type="application/(?:ld\+)?json"', script)
    # The page for unknown addresses, shown at any depth, can link to no file; its policy names the style's hash.
    inline = r"\sstyle=|\son\w+=|javascript:" + ("" if path.name == "not-found.html" else "|<style")
    assert not re.search(inline, markup)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", markup)


def test_styles_and_scripts_ask_nobody() -> None:
    for path in (SITE / "theme" / "static").glob("*.*"):
        if path.suffix in (".css", ".js"):
            assert not re.search(r"(?:https?:)?//[a-z]", path.read_text(encoding="utf-8")), path.name
