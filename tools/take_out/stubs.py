"""What takes the place of a file that cannot be edited."""

from __future__ import annotations

import re
import struct
import zlib


def empty_picture(before: bytes) -> bytes:
    """An empty picture, as wide and high as the one before where that is a PNG."""
    width, height = struct.unpack(">II", before[16:24]) if before[:4] == b"\x89PNG" else (600, 400)
    rows = zlib.compress((b"\0" + b"\xd0" * width) * height, 9)

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pdf_of(words: str) -> bytes:
    """A PDF of one page with a sentence or two."""
    lines = re.findall(r".{1,70}(?:\s|$)", words)
    drawn = "BT /F 13 Tf 60 740 Td 20 TL " + " ".join(f"({line.strip()}) Tj T*" for line in lines) + " ET"
    parts = [
        "<</Type/Catalog/Pages 2 0 R/Lang(en)/ViewerPreferences<</DisplayDocTitle true>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
        f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Title(No longer here)>>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += f"{number} 0 obj{part}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 7\n0000000000 65535 f \n{table}trailer<</Size 7/Root 1 0 R/Info 6 0 R>>\n"
    out += f"startxref\n{start}\n%%EOF\n"
    return out.encode("ascii")
