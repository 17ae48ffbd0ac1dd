"""Objects that come in parts: kept until they are put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from robowire_mocks.foxglove.errors import BadRequest, NotFound
from robowire_mocks.foxglove.files import StoredFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from robowire_mocks.foxglove.files import Files

_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Assembly:
    """An object on its way, and the parts of it that are here, by the names that the client gave them."""

    bucket: str
    name: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    parts: dict[str, StoredFile] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes that are here."""
        return sum(part.size for part in self.parts.values())


class Parts:
    """The assemblies of all objects, by id. Hold the state's lock."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._open: dict[str, Assembly] = {}

    def begin(self, upload_id: str, assembly: Assembly) -> None:
        """Expect parts of an object."""
        self._open.setdefault(upload_id, assembly)

    def get(self, upload_id: str, bucket: str, name: str) -> Assembly:
        """The assembly of an object.

        Raises:
            NotFound: There is none.
        """
        assembly = self._open.get(upload_id)
        if assembly is None or (assembly.bucket, assembly.name) != (bucket, name):
            raise NotFound("there is no such upload")
        return assembly

    def add(self, assembly: Assembly, part: str, stored: StoredFile) -> None:
        """A part is here; it takes the place of one with its name."""
        old = assembly.parts.get(part)
        assembly.parts[part] = stored
        if old is not None:
            self._files.remove(old.id)

    def finish(self, upload_id: str, parts: Sequence[str]) -> StoredFile:
        """The object, made of these parts in this order.

        Raises:
            BadRequest: One of them is not here; the others are still.
        """
        assembly = self._open[upload_id]
        missing = [part for part in parts if part not in assembly.parts]
        if missing:
            raise BadRequest(f"part {missing[0][:80]!r} was not uploaded")
        stored = self._files.put(self._blocks([assembly.parts[part] for part in parts]))
        self.drop(upload_id)
        return stored

    def drop(self, upload_id: str) -> None:
        """Forget an object and its parts."""
        assembly = self._open.pop(upload_id, None)
        for part in assembly.parts.values() if assembly else ():
            self._files.remove(part.id)

    def clear(self) -> None:
        """Forget all of them."""
        self._open.clear()

    def _blocks(self, parts: Iterable[StoredFile]) -> Iterator[bytes]:
        for part in parts:
            with self._files.path(part.id).open("rb") as file:
                while block := file.read(_BLOCK):
                    yield block
