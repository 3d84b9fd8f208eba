"""The analysis of more comments than lie in memory: pure steps on batches, and what runs them."""
