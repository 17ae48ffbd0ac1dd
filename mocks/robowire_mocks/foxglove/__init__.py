"""The Foxglove API: an organisation's devices, events, sites, tokens, extensions, layouts and webhooks."""

from robowire_mocks.foxglove.mock import FoxgloveMock, create_mock

__all__ = ["FoxgloveMock", "create_mock"]
