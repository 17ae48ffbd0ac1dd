"""Objects that come in parts: kept until they are put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robowire_mocks.foxglove.errors import BadRequest, NotFound
from robowire_mocks.foxglove.rows import Assembly, Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from robowire_mocks.foxglove.files import Files, StoredFile
    from robowire_mocks.foxglove.store import Store

_BLOCK = 1024 * 1024


class Parts:
    """The assemblies of all objects, by id. Hold the state's lock."""

    def __init__(self, files: Files, assemblies: Store[Assembly], parts: Store[Part]) -> None:
        self._files = files
        self._assemblies = assemblies
        self._parts = parts

    def begin(self, upload_id: str, bucket: str, name: str, metadata: Mapping[str, str]) -> None:
        """Expect parts of an object, unless they are already."""
        if upload_id not in self._assemblies:
            self._assemblies.put(Assembly(upload_id, bucket, name, dict(metadata)))

    def get(self, upload_id: str, bucket: str, name: str) -> Assembly:
        """The assembly of an object.

        Raises:
            NotFound: There is none.
        """
        assembly = self._assemblies.get(upload_id)
        if assembly is None or (assembly.bucket, assembly.name) != (bucket, name):
            raise NotFound("there is no such upload")
        return assembly

    def of(self, assembly: Assembly) -> list[Part]:
        """The parts that are here, in the order in which they first came."""
        return self._parts.where("upload_id", assembly.id)

    def add(self, assembly: Assembly, name: str, stored: StoredFile) -> None:
        """A part is here; it takes the place of one with its name."""
        part = Part(f"{assembly.id} {name}", assembly.id, name, stored.id, stored.size)
        old = self._parts.get(part.id)
        self._parts.put(part)
        if old is not None:
            self._files.remove(old.file_id)

    def finish(self, assembly: Assembly, names: Sequence[str]) -> StoredFile:
        """The object, made of these parts in this order.

        Raises:
            BadRequest: One of them is not here; the others are still.
        """
        here = {part.name: part for part in self.of(assembly)}
        missing = [name for name in names if name not in here]
        if missing:
            raise BadRequest(f"part {missing[0][:80]!r} was not uploaded")
        stored = self._files.put(self._blocks([here[name] for name in names]))
        self.drop(assembly)
        return stored

    def drop(self, assembly: Assembly) -> None:
        """Forget an object and its parts."""
        for part in self.of(assembly):
            self._parts.remove(part.id)
            self._files.remove(part.file_id)
        self._assemblies.remove(assembly.id)

    def _blocks(self, parts: Iterable[Part]) -> Iterator[bytes]:
        for part in parts:
            with self._files.path(part.file_id).open("rb") as file:
                while block := file.read(_BLOCK):
                    yield block
