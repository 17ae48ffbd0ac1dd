"""The documented errors of the Bags API: one class each, every one answered with 400 and `{"error": text}`."""

from robowire_mocks.core.answer import Refusal


class BagNotFound(Refusal):
    """No bag in the folder has this name (section "Error Responses")."""


class BagCorrupted(Refusal):
    """The bag cannot be read (section "Error Responses")."""


class BadRange(Refusal):
    """The range lacks a bound, or has one that is not a float (section "Query Parameters")."""


class ReversedRange(BadRange):
    """The range ends before it starts, of which the document says nothing."""
