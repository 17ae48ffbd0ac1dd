"""The rosbags writer for bags of any size, in the dialect that ROS itself reads; loaded when a bag is written."""

from pathlib import Path

import lz4.frame
from rosbags.rosbag1 import Writer
from rosbags.rosbag1.writer import WriteChunk

from robowire_generators.recipe import Compression


class BoundedWriter(Writer):
    """A writer of ROS 1 bags that forgets the messages of a chunk once they are written.

    Args:
        path: A file that is not there yet.
        chunk_size: Bytes of messages that fill a chunk.
        compression: Of the chunks.
    """

    def __init__(self, path: Path, *, chunk_size: int, compression: Compression) -> None:
        super().__init__(path)
        self.chunk_threshold = chunk_size
        if compression is not Compression.NONE:
            self.set_compression(Writer.CompressionFormat[compression.name])
        if compression is Compression.LZ4:
            self.compressor = _lz4

    def write_chunk(self, chunk: WriteChunk) -> None:
        """Write a chunk and drop what the end of the file does not need."""
        super().write_chunk(chunk)
        # Closing only asks how many messages each connection has in each chunk: a range answers that in 48 bytes,
        # where rosbags would keep the time and the offset of every message of the bag.
        for connection, messages in chunk.connections.items():
            chunk.connections[connection] = range(len(messages))  # type: ignore[assignment] # only its length is used

    @property
    def chunks_written(self) -> int:
        """How many chunks have gone to the file."""
        return len(self.chunks) - 1

    @property
    def size(self) -> int:
        """Bytes of the file so far, with what waits in the open chunk unless that is still to be compressed."""
        assert self.bio is not None
        waiting = self.chunks[-1].data.tell() if self.compression_format == Compression.NONE else 0
        return self.bio.tell() + waiting


def _lz4(data: bytes) -> bytes:
    """Compress into the one kind of frame that ROS reads: roslz4 refuses linked blocks and a missing checksum."""
    compressed: bytes = lz4.frame.compress(
        data, block_size=lz4.frame.BLOCKSIZE_MAX1MB, block_linked=False, content_checksum=True, store_size=False
    )
    return compressed
