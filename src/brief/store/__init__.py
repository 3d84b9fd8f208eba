"""The only writer of `data/`: changes made as a whole, what is added, and how a brief begins."""
