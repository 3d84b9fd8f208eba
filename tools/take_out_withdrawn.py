"""What publishing runs: `python3 -E -s -S tools/take_out_withdrawn.py FOLDER`, without anything that was installed."""

import sys

from take_out.__main__ import main

sys.exit(main(sys.argv[1:]))
