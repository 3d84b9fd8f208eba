"""A sound coder: "for" where somebody comes after work, else what the codebook says cannot be told."""

import json
import sys

codebook = json.loads(sys.stdin.readline())["codebook"]
stances = [code["id"] for code in codebook["stances"]]
for line in sys.stdin:
    comment = json.loads(line)
    if "work" in comment["text"]:
        found = {"stance": stances[0], "themes": ["work"], "certainty": "clear", "note": "line one\r\nline two"}
    elif "Who pays" in comment["text"]:
        found = {"stance": stances[1], "themes": ["cost", "work"]}
    else:
        found = {"stance": stances[2]}
    print(json.dumps({"comment_id": comment["comment_id"], **found}), flush=True)
