"""Answers the first comment it gets and ends as if all were well."""

import json
import sys

sys.stdin.readline()
print(json.dumps({"comment_id": json.loads(sys.stdin.readline())["comment_id"], "stance": "for"}))
