"""The recordings of the suite's own with what they really hold, which all answers about data are held to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.contents import Contents, read_contents
from robowire_conformance.foxglove.library import Library
from robowire_conformance.foxglove.uploads import Uploaded
from robowire_conformance.verdict import NotTested


@dataclass(frozen=True, slots=True)
class Held:
    """A recording that was uploaded, and what its file holds."""

    uploaded: Uploaded
    contents: Contents

    @property
    def id(self) -> str:
        """The recording's id."""
        return self.uploaded.id

    @property
    def key(self) -> str:
        """The recording's key.

        Raises:
            NotTested: It was uploaded without one.
        """
        if self.uploaded.key is None:
            raise NotTested("the recording has no key")
        return self.uploaded.key

    @property
    def import_id(self) -> str:
        """The id of the recording's import.

        Raises:
            NotTested: The target does not tell it.
        """
        if self.uploaded.import_id is None:
            raise NotTested("the target does not tell the id of an import (see FOXGLOVE-PENDING-*)")
        return self.uploaded.import_id

    @property
    def span(self) -> tuple[int, int]:
        """The times of its first and its last message."""
        if self.contents.span is None:
            raise NotTested("the recording holds no messages")
        return self.contents.span


@dataclass(frozen=True, slots=True)
class Shelf:
    """The recordings by the hints of their names; `devices` are (id, name)."""

    api: Api
    held: Mapping[str, Held]
    devices: Sequence[tuple[str, str]]

    def __getitem__(self, hint: str) -> Held:
        return self.held[hint]

    def every(self, device_id: str) -> list[Held]:
        """The recordings of a device."""
        return [one for one in self.held.values() if one.uploaded.device_id == device_id]

    def of(self, device_id: str) -> list[Held]:
        """The recordings of a device that hold messages."""
        return [one for one in self.every(device_id) if one.contents.span is not None]


def make_shelf(api: Api, library: Library) -> Shelf:
    """Read back what was uploaded."""
    held = {one.hint: Held(one, read_contents(one.data)) for one in library.all}
    return Shelf(api, held, library.devices)
