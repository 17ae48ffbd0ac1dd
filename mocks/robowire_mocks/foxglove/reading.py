"""What is read of recordings, and what of it is kept so that it need not be made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robowire_mocks.foxglove.attached import Attached
from robowire_mocks.foxglove.coverage_ranges import Covered
from robowire_mocks.foxglove.errors import NotFound
from robowire_mocks.foxglove.streaming import Streams

if TYPE_CHECKING:
    from robowire_mocks.formats.recorded import Recorded
    from robowire_mocks.foxglove.files import Files
    from robowire_mocks.foxglove.rows import Recording


class Reading:
    """The attachments, the coverage, and the streams that wait."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget all of it."""
        self.attached = Attached()
        self.covered = Covered()
        self.streams = Streams()

    @staticmethod
    def recorded(files: Files, recording: Recording) -> Recorded:
        """The file of a recording, its index read.

        Raises:
            NotFound: There is no such file, or it cannot be read.
        """
        from robowire_mocks.formats.opening import open_recorded  # brings numpy
        from robowire_mocks.formats.recorded import RecordedError  # brings numpy

        if recording.file_id is None:
            raise NotFound(f"the file of the recording {recording.id} is not there")
        try:
            return open_recorded(files.path(recording.file_id))
        except RecordedError as error:
            raise NotFound(f"the file of the recording {recording.id} cannot be read: {error}") from error
