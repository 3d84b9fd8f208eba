"""Leaves every comment uncoded."""

import json
import sys

sys.stdin.readline()
for line in sys.stdin:
    print(json.dumps({"comment_id": json.loads(line)["comment_id"], "stance": None}))
