"""The attachments of all recordings that are imported, as their files have them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from robowire_mocks.formats.recorded import RecordedAttachment
from robowire_mocks.foxglove.errors import NotFound
from robowire_mocks.foxglove.rows import Recording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from robowire_mocks.foxglove.state import State


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment of a recording; `fingerprint` is the SHA-256 of its content as hex."""

    id: str
    recording: Recording
    attached: RecordedAttachment
    fingerprint: str


class Attached:
    """Knows the attachments of each recording once its file was read. Hold the state's lock."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Recording, tuple[Attachment, ...]]] = {}

    def of(self, state: State, recordings: Iterable[Recording]) -> Iterator[Attachment]:
        """The attachments of those recordings that are imported, in the order of their files."""
        for recording in recordings:
            if recording.complete and recording.file_id is not None:
                known = self._known.get(recording.id)
                if known is None or known[0] is not recording:
                    known = self._known[recording.id] = recording, tuple(_read(state, recording))
                yield from known[1]


def _read(state: State, recording: Recording) -> Iterator[Attachment]:
    try:
        recorded = state.reading.recorded(state.files, recording)
        for number, one in enumerate(recorded.attachments):
            content = hashlib.sha256()
            for block in recorded.attachment_data(one):
                content.update(block)
            yield Attachment(state.id_for("att", f"{recording.id} {number}"), recording, one, content.hexdigest())
    except NotFound:
        return
