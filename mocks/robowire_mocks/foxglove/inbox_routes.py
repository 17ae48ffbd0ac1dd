"""What the ways into an inbox share: receiving an object over HTTP, and telling the mock that it is there."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import request

from robowire_mocks.core.http import the_mock
from robowire_mocks.foxglove.intake import outside_call, received
from robowire_mocks.foxglove.operations import Operation
from robowire_mocks.foxglove.times import present

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.files import StoredFile
    from robowire_mocks.foxglove.inbox_parts import Parts
    from robowire_mocks.foxglove.mock import FoxgloveMock
    from robowire_mocks.foxglove.rows import Assembly
    from robowire_mocks.foxglove.state import State

_PUT = Operation("put_object", "PUT", "/inbox")


class Inbox:
    """The buckets of the mock that is asked, whatever dialect a client speaks.

    The mock's lock is not held while bytes come in.
    """

    @property
    def parts(self) -> Parts:
        """Objects that come in parts."""
        return self._state.parts

    @contextmanager
    def call(self) -> Iterator[Call]:
        """The request at hand as a call, with the state's lock."""
        with self._state.lock:
            yield outside_call(_PUT, {})

    def check(self, bucket: str) -> None:
        """Nothing, if there is such a bucket.

        Raises:
            NotFound: There is none.
        """
        with self.call() as call:
            call.steps.inbox_site(call, bucket)

    def receive(self, bucket: str, name: str, metadata: Mapping[str, str]) -> StoredFile:
        """The body of the request is an object.

        Raises:
            NotFound: There is no such bucket.
            BodyUnreadable: The body does not arrive whole.
        """
        self.check(bucket)
        with received(self._state) as stored:
            self.came(bucket, name, metadata, stored)
        return stored

    def receive_part(self, upload_id: str, bucket: str, name: str, part: str) -> StoredFile:
        """The body of the request is a part of an object.

        Raises:
            NotFound: Nobody expects it.
            BodyUnreadable: The body does not arrive whole.
        """
        with self.call():
            self.parts.get(upload_id, bucket, name)
        with received(self._state) as stored, self.call():
            self.parts.add(self.parts.get(upload_id, bucket, name), part, stored)
        return stored

    def assemble(self, assembly: Assembly, parts: Sequence[str], metadata: Mapping[str, str]) -> StoredFile:
        """The object is made of these of its parts.

        Raises:
            BadRequest: One of them is missing.
            NotFound: Nobody expects it any more.
        """
        with self.call():
            assembly = self.parts.get(assembly.id, assembly.bucket, assembly.name)
            stored = self.parts.finish(assembly, parts)
            self.came(assembly.bucket, assembly.name, metadata, stored)
        return stored

    def came(self, bucket: str, name: str, metadata: Mapping[str, str], stored: StoredFile) -> None:
        """An object is in its bucket."""
        with self.call() as call:
            call.steps.object_came(replace(call, now=present(self._state.clock)), bucket, name, metadata, stored)

    @property
    def _state(self) -> State:
        mock: FoxgloveMock = the_mock()
        return mock.state


def prefixed(prefix: str) -> dict[str, str]:
    """The headers of the request that begin with `prefix`, without it, with underscores and in small letters.

    WSGI does not tell `-` from `_` in the names of headers.
    """
    return {
        name[len(prefix) :].lower().replace("-", "_"): value
        for name, value in request.headers.items()
        if name.lower().startswith(prefix)
    }
