"""Cuts the picture in a note into halves, which no text may hold; gives the other comments a sound answer."""

import json
import sys

sys.stdin.readline()
for number, line in enumerate(sys.stdin):
    note = "cut \ud83d" if number == 2 else "fine"
    print(json.dumps({"comment_id": json.loads(line)["comment_id"], "stance": "for", "note": note}))
