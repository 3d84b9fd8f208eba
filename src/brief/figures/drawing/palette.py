"""The colours of figures: each is a token with a value for a light and one for a dark page.

Charts are drawn in the light values; on a page these are replaced by CSS variables, so that the reader's theme
decides. No colour carries meaning alone: letters, words or outlines say the same.
"""

from __future__ import annotations

from dataclasses import dataclass

LIGHT_PAGE, DARK_PAGE = "#fbfaf7", "#14171a"
GRAPHIC_CONTRAST, TEXT_CONTRAST = 3.0, 4.5
"""Least contrasts of WCAG 2.2 for graphical objects (1.4.11) and for text (1.4.3)."""


@dataclass(frozen=True)
class Token:
    """A colour by its use. `text` tells that words are set in it; `on` that it lies on filled shapes, not on the
    page."""

    name: str
    light: str
    dark: str
    text: bool = False
    on: bool = False

    @property
    def variable(self) -> str:
        """The name of the CSS variable."""
        return f"--fig-{self.name}"


TOKENS = (
    Token("ink", "#1b1f23", "#eceae4", text=True),
    Token("soft", "#4f565d", "#b4bac0", text=True),
    Token("line", "#848b91", "#757d85"),
    Token("on-series", "#ffffff", "#14181b", text=True, on=True),
    Token("series-1", "#12436d", "#7fb4e6", text=True),
    Token("series-2", "#17716b", "#58c9bd", text=True),
    Token("series-3", "#801650", "#ee93c3", text=True),
    Token("series-4", "#a8430c", "#f9a26c", text=True),
    Token("series-5", "#3d3d3d", "#c9ccd0", text=True),
    Token("series-6", "#65489d", "#bda6ec", text=True),
)

_LIGHT = {token.name: token.light for token in TOKENS}
SERIES = tuple(token.name for token in TOKENS if token.name.startswith("series-"))


def tokens() -> dict[str, Token]:
    """Every token by its name."""
    return {token.name: token for token in TOKENS}


def colour(name: str) -> str:
    """The light value of a token, as charts are drawn in it. Raises `KeyError` for an unknown name."""
    return _LIGHT[name]


def series(place: int) -> str:
    """The light value of the colour for a category by its place; they begin again after the last."""
    return colour(SERIES[place % len(SERIES)])


def luminance(hexadecimal: str) -> float:
    """Relative luminance from 0 to 1, as WCAG 2.2 defines it."""
    channels = (int(hexadecimal[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colour: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((luminance(colour), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def css() -> str:
    """The variables as a style sheet: light, dark where the reader's system asks for it, and either by `data-theme`."""
    light = " ".join(f"{token.variable}: {token.light};" for token in TOKENS)
    dark = " ".join(f"{token.variable}: {token.dark};" for token in TOKENS)
    return (
        f":root, html[data-theme=light] {{ {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ html:not([data-theme=light]) {{ {dark} }} }}\n"
        f"html[data-theme=dark] {{ {dark} }}\n"
        f"@media print {{ html, html[data-theme=dark], html:not([data-theme=light]) {{ {light} }} }}\n"
    )


def variable_for(hexadecimal: str) -> str | None:
    """`var(--fig-...)` for the light value of a token; `None` for any other colour."""
    for token in TOKENS:
        if token.light == hexadecimal.lower():
            return f"var({token.variable})"
    return None


def dark_values() -> dict[str, str]:
    """For each light value, the dark one: what a script needs to draw the same chart on a dark page."""
    return {token.light: token.dark for token in TOKENS}
