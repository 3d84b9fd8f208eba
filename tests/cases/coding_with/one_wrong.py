"""Gives the second comment a stance that the codebook does not have."""

import json
import sys

sys.stdin.readline()
for number, line in enumerate(sys.stdin):
    stance = "maybe" if number == 1 else "for"
    print(json.dumps({"comment_id": json.loads(line)["comment_id"], "stance": stance}))
