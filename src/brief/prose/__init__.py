"""Words: numbers and plurals, facts that prose mentions, conditions, quotations, what is masked."""
