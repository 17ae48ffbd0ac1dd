"""What was read of recordings' files, kept so that it need not be read again."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from robowire_mocks.foxglove.attached import Attached
from robowire_mocks.foxglove.coverage_ranges import Covered
from robowire_mocks.foxglove.errors import NotFound
from robowire_mocks.foxglove.streaming import Streams

if TYPE_CHECKING:
    from robowire_mocks.formats.recorded import Recorded
    from robowire_mocks.foxglove.files import Files
    from robowire_mocks.foxglove.rows import Recording

_KEPT = 256  # open indexes; that of a large file takes some megabytes


class Reading:
    """The indexes of files that were read lately, the attachments, the coverage, and the streams that wait."""

    def __init__(self) -> None:
        self.attached = Attached()
        self.covered = Covered()
        self.streams = Streams()
        self._opened: OrderedDict[str, Recorded] = OrderedDict()
        self._lock = Lock()

    def clear(self) -> None:
        """Forget all of it."""
        self.__init__()  # type: ignore[misc]  # it begins anew

    def recorded(self, files: Files, recording: Recording) -> Recorded:
        """The file of a recording, its index read.

        Raises:
            NotFound: There is no such file, or it cannot be read.
        """
        from robowire_mocks.formats.recorded import RecordedError, open_recorded  # brings numpy

        if recording.file_id is None:
            raise NotFound(f"the file of the recording {recording.id} is not there")
        with self._lock:
            if recording.file_id in self._opened:
                self._opened.move_to_end(recording.file_id)
                return self._opened[recording.file_id]
        try:
            recorded = open_recorded(files.path(recording.file_id))
        except RecordedError as error:
            raise NotFound(f"the file of the recording {recording.id} cannot be read: {error}") from error
        with self._lock:
            self._opened[recording.file_id] = recorded
            if len(self._opened) > _KEPT:
                self._opened.popitem(last=False)
        return recorded
