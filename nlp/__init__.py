"""What a text means: pure functions over the lexicon, no I/O but reading it."""
