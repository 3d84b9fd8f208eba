"""Answers the first comment twice, each time with another stance, and the others once."""

import json
import sys

sys.stdin.readline()
for number, line in enumerate(sys.stdin):
    for stance in ("for", "against") if number == 0 else ("for",):
        print(json.dumps({"comment_id": json.loads(line)["comment_id"], "stance": stance}))
