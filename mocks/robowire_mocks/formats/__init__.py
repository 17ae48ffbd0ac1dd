"""Readers of recordings: what a file holds and how its messages look as JSON, with no web framework in sight."""


class RecordedError(Exception):
    """A recording cannot be read; the text says why, and names no folder, so that it can be shown to a client."""


class BagError(RecordedError):
    """A bag cannot be read: not a bag, another version, unindexed, truncated, damaged, encrypted; the text says what.

    The text names no folder, so that it can be shown to a client.
    """
