"""What publishing runs last: `python3 -E -s -S tools/chain_editions.py FOLDER EDITION`, with nothing installed."""

import sys

from take_out.chain import main

sys.exit(main(sys.argv[1:]))
