"""The report of a run: one JSON file, and the pages that are made from it."""
