"""The levels of headings on paper, where a page may skip one and a tagged PDF may not."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Levels:
    """The headings that what follows stands under: the level of each on its page, and on paper."""

    under: list[tuple[int, int]] = field(default_factory=list)

    def of(self, level: int) -> int:
        """The level on paper of the next heading, which has this one on its page.

        It is at most one below the heading that it stands under, so none is skipped and siblings are alike.
        """
        while self.under and self.under[-1][0] >= level:
            self.under.pop()
        given = max(1, min(level, (self.under[-1][1] if self.under else 0) + 1))
        self.under.append((level, given))
        return given
