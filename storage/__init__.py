"""The town's records: one file a kind of record, with its table, its rules and its queries."""
