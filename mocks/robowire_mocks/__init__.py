"""Servers that behave as the documents say, for people who write clients."""
