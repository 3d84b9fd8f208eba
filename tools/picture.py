"""The picture of the first page in the README: `python tools/picture.py`, after `make site`.

It keeps the words of the short answer within the file, so that a test sees when the page says something else by now.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image, PngImagePlugin

from check_site.browsers import INSTALL_BROWSER, find_chromium, running

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "summary.png"
SHOWS = "The short answer"
_ANSWER = ".cover__answer"
_WIDE, _HIGH = 1280, 1180


def main() -> None:
    """Take the picture of the built site and write it into `docs/`."""
    chromium = find_chromium()
    if chromium is None:
        sys.exit(INSTALL_BROWSER)
    with running(chromium) as browser:
        page = browser.new_page(viewport={"width": _WIDE, "height": _HIGH}, color_scheme="light")
        page.goto((ROOT / "_build" / "html" / "index.html").as_uri(), wait_until="networkidle")
        words = " ".join((page.locator(_ANSWER).text_content() or "").split())
        picture = Image.open(io.BytesIO(page.screenshot()))
    kept = PngImagePlugin.PngInfo()
    kept.add_itxt(SHOWS, words)
    picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(PICTURE, pnginfo=kept, optimize=True)
    print(f"Written: {PICTURE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
