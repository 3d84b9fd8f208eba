"""Pictures, powers and indices of a chapter are on paper as on its page; cells run in the Python that builds."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest

import topics
from brief.errors import BriefError
from brief.site.pdf.blocks import blocks, read
from brief.site.pdf.pictures import embedded
from conftest import run_build
from take_out.stubs import empty_picture

MARKUP = """

## Where it is

A power is written b{sup}`n`, water is H{sub}`x`O, and a picture ![A map of the lane](map.png) stands here.

```{figure} map.png
:alt: The same map, larger
The caption of the map.
```
"""
#: 600 points wide, 400 high.
PNG = empty_picture(b"")


def test_they_are_on_paper_and_a_false_kernel_is_not_asked(tmp_path: Path) -> None:
    brief = topics.asked(tmp_path / "brief", ["It costs too much.", "Keep it open."])
    (brief / "book" / "map.png").write_bytes(PNG)
    methods = brief / "book" / "methods.md"
    methods.write_text(methods.read_text(encoding="utf-8") + MARKUP, encoding="utf-8")
    kernel = tmp_path / "jupyter" / "kernels" / "python3" / "kernel.json"
    topics.write(
        kernel, json.dumps({"argv": ["/bin/false", "{connection_file}"], "display_name": "x", "language": "python"})
    )
    ended = run_build(brief, JUPYTER_PATH=str(tmp_path / "jupyter"))
    assert ended.returncode == 0, ended.stdout
    site = brief / "_build" / "html"
    page = (site / "methods.html").read_text(encoding="utf-8")
    assert page.count("_images/map.png") == 2 and "<sup>n</sup>" in page and "<sub>x</sub>" in page
    with pikepdf.open(site / "new-brief-full.pdf") as pdf:
        told = [str(thing.get("/Alt", "")) for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary)]
    assert {"A map of the lane", "The same map, larger"} <= set(told)
    if shutil.which("pdftotext"):
        command = ["pdftotext", "-bbox", str(site / "new-brief-full.pdf"), "-"]
        words = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert "caption" in words and re.search(r">b.{0,2}n,?<", words), "the power stands by its base"


def test_powers_and_pictures_are_read_from_markup() -> None:
    page = '<p>b<sup>n</sup>, H<sub>2</sub>O <img src="book/a%20map.png" alt="A map"></p>'
    (paragraph,) = blocks(read(page, "a page"))
    kinds = [run if isinstance(run, str) else run["k"] for run in paragraph["c"]]
    assert kinds == ["b", "sup", ", H", "sub", "O ", "image"]
    assert paragraph["c"][-1] == {"k": "image", "src": "book/a%20map.png", "alt": "A map"}


def test_a_picture_keeps_its_size_and_fits_the_paper(tmp_path: Path) -> None:
    (tmp_path / "a map.png").write_bytes(PNG)
    made = embedded(tmp_path, {"src": "a%20map.png", "alt": "A map"}, "book/x")
    assert (made["width"], made["height"]) == (158.75, 105.83) and made["svg"].startswith("<svg")
    for src, alt, told in (
        ("a%20map.png", "", "has no alternative text"),
        ("none.png", "A", "cannot be set on paper"),
        ("a.tiff", "A", "cannot be set on paper"),
    ):
        with pytest.raises(BriefError, match=told):
            embedded(tmp_path, {"src": src, "alt": alt}, "book/x")
