"""Reads everything before it answers, and answers backwards, in the words that readers see."""

import json
import sys

comments = [json.loads(line) for line in sys.stdin][1:]
for comment in reversed(comments):
    print(json.dumps({"comment_id": comment["comment_id"], "stance": "AGAINST evenings", "themes": "cost; work"}))
