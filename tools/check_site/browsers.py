"""The browser that checks and tests use: an installed Chromium, else the one that Playwright has downloaded.

Of two that are installed the one without windows is taken: the same engine, at two thirds of the processor time.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

INSTALL_BROWSER = f"{Path(sys.executable).with_name('playwright')} install chromium"
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"),
    # A process for each page would start and warm up the same engine again and again; the pages are all of one site.
    "--renderer-process-limit=1",
)


def find_chromium() -> Path | None:
    """An installed Chromium, else the one that Playwright has downloaded, else None."""
    for name in _NAMES:
        if program := shutil.which(name):
            return Path(program)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.is_file() else None


def flags() -> list[str]:
    """The options of the browser: it asks no host for anything by itself."""
    # Chromium's sandbox cannot be used by root, which is who runs in most containers.
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*_FLAGS, "--no-sandbox"] if as_root else [*_FLAGS]


@contextmanager
def running(chromium: Path) -> Iterator[Browser]:
    """A running browser while the block runs."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags())
        yield browser
        browser.close()
