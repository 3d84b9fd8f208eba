"""Each colour is seen on a light and on a dark page, and none carries meaning alone."""

import re

import pytest

from brief.figures.drawing import palette
from brief.figures.drawing.palette import DARK_PAGE, LIGHT_PAGE, TOKENS, Token


def test_contrast_as_the_standard_gives_it() -> None:
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert palette.contrast("#12436d", "#12436d") == 1


@pytest.mark.parametrize("token", TOKENS, ids=lambda token: token.name)
def test_every_colour_stands_out_from_its_ground(token: Token) -> None:
    if token.on:
        grounds = [(token.light, palette.colour(name)) for name in palette.SERIES]
        grounds += [(token.dark, palette.dark_values()[palette.colour(name)]) for name in palette.SERIES]
    else:
        grounds = [(token.light, LIGHT_PAGE), (token.dark, DARK_PAGE), (token.light, "#ffffff")]
    least = palette.TEXT_CONTRAST if token.text else palette.GRAPHIC_CONTRAST
    for ink, ground in grounds:
        assert palette.contrast(ink, ground) >= least


@pytest.mark.parametrize("token", [token for token in TOKENS if token.text and not token.on], ids=lambda one: one.name)
def test_text_stays_readable_on_the_tint_of_a_tile(token: Token) -> None:
    """A tile is filled with its own colour at seven hundredths."""
    for name in [*palette.SERIES, "line"]:
        for ground, which in ((LIGHT_PAGE, "light"), (DARK_PAGE, "dark")):
            fill = next(getattr(one, which) for one in TOKENS if one.name == name)
            assert palette.contrast(getattr(token, which), mixed(fill, ground, 0.07)) >= palette.TEXT_CONTRAST


def mixed(over: str, under: str, share: float) -> str:
    pairs = ((int(over[at : at + 2], 16), int(under[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(share * one + (1 - share) * other):02x}" for one, other in pairs)


def test_each_light_value_belongs_to_one_token() -> None:
    assert len({token.light for token in TOKENS}) == len(TOKENS)
    assert all(palette.variable_for(token.light.upper()) == f"var({token.variable})" for token in TOKENS)
    assert palette.variable_for("#123456") is None


def test_the_style_sheet_declares_every_variable_for_each_theme() -> None:
    sheet = palette.css()
    for token in TOKENS:
        assert len(re.findall(rf"{token.variable}: {token.light};", sheet)) >= 2
        assert len(re.findall(rf"{token.variable}: {token.dark};", sheet)) >= 2
    assert "prefers-color-scheme: dark" in sheet
    assert "html[data-theme=dark]" in sheet


def test_colours_of_categories_begin_again_after_the_last() -> None:
    assert palette.series(0) == palette.series(len(palette.SERIES))
