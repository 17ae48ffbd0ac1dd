"""World files, as the mocks read them."""

from robowire_fixtures.worldfile import WorldError, build, read_world

__all__ = ["WorldError", "build", "read_world"]
