"""What a recording shall be: the same recipe gives the same bytes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

SECOND = 1_000_000_000
"""Nanoseconds."""

DEFAULT_START_NS = 1_698_762_600_250_000_000
"""2023-10-31T14:30:00.25Z: within a second, as recordings start."""

DEFAULT_DURATION_S = 30.0

DAY_NS = 86_400 * SECOND
END_OF_TIME_NS = 2**32 * SECOND
"""ROS 1 counts seconds in 32 bits: until 2106."""

MAX_CHUNK_SIZE = 2**30
MAX_CONNECTIONS = 100

FULL_FROM = 20_000_000
"""From this size on, in bytes, a recording has raw images unless its profile is named."""

PROFILES: tuple[str, ...] = ("small", "telemetry", "full")
"""How much of the robot is recorded: thinned out to ten messages a second; all but the cameras; everything."""

UNITS: Mapping[str, int] = {
    "": 1,
    "B": 1,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KIB": 2**10,
    "MIB": 2**20,
    "GIB": 2**30,
    "TIB": 2**40,
}


class Compression(StrEnum):
    """How the chunks of a bag are compressed."""

    NONE = "none"
    BZ2 = "bz2"
    LZ4 = "lz4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a recording of the robot shall be, whatever its format.

    Attributes:
        seed: Chooses the robot and its moments; 0 or more.
        start_ns: Start of the recording, ns since the epoch.
        duration_s: Seconds after which nothing more is recorded; None for 30 when no size is given, else without end.
        size: About how large the file shall be, bytes: recording ends when this is reached, to within a chunk.
        profile: One of `PROFILES`; None for `full` from 20 MB of size on, `small` otherwise.
        topics: Only these topics; None for all of the profile.

    Raises:
        ValueError: A value makes no recording; the text says which and why.
    """

    seed: int = 0
    start_ns: int = DEFAULT_START_NS
    duration_s: float | None = None
    size: int | None = None
    profile: str | None = None
    topics: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        duration_s = DEFAULT_DURATION_S if self.duration_s is None and self.size is None else self.duration_s
        object.__setattr__(self, "duration_s", duration_s)
        profile = ("full" if (self.size or 0) >= FULL_FROM else "small") if self.profile is None else self.profile
        object.__setattr__(self, "profile", profile)
        for wrong, text in self.faults():
            if wrong:
                raise ValueError(text)

    def faults(self) -> tuple[tuple[bool, str], ...]:
        """Give all that can be wrong: whether it is, and the text that says so."""
        duration = 0.0 if self.duration_s is None else self.duration_s
        possible = 0 <= duration < END_OF_TIME_NS / SECOND  # NaN is not
        return (
            (self.seed < 0, f"The seed must be 0 or more, not {self.seed}."),
            (not possible, f"The duration cannot be {duration} seconds."),
            (
                self.start_ns < DAY_NS or self.start_ns + (duration * SECOND if possible else 0) >= END_OF_TIME_NS,
                "A recording can hold times from 1970-01-02 to 2106-02-07 only.",
            ),
            (self.size is not None and self.size < 1, f"The size must be at least 1 byte, not {self.size}."),
            (self.profile not in PROFILES, f"There is no profile {self.profile!r}; there are {', '.join(PROFILES)}."),
            (self.topics == (), "A recording without topics cannot be made; name at least one."),
        )

    @property
    def duration_ns(self) -> int | None:
        """The duration in ns, None when only the size ends the recording."""
        return None if self.duration_s is None else round(self.duration_s * SECOND)


@dataclass(frozen=True, slots=True, kw_only=True)
class BagRecipe(Recipe):
    """What a ROS 1 bag shall be.

    Attributes:
        chunk_size: Bytes of messages that fill a chunk.
        compression: Of the chunks.
        connections: How many nodes publish each topic in turn, each by a connection of its own.

    Raises:
        ValueError: A value makes no bag; the text says which and why.
    """

    chunk_size: int = 768 * 1024
    compression: Compression = Compression.NONE
    connections: int = 1

    def __post_init__(self) -> None:
        Recipe.__post_init__(self)
        object.__setattr__(self, "compression", Compression(self.compression))

    def faults(self) -> tuple[tuple[bool, str], ...]:
        """Give all that can be wrong: whether it is, and the text that says so."""
        return (
            *Recipe.faults(self),
            *chunk_faults(self.chunk_size, self.compression, tuple(Compression)),
            (
                not 1 <= self.connections <= MAX_CONNECTIONS,
                f"A topic can have 1 to {MAX_CONNECTIONS} connections, not {self.connections}.",
            ),
        )


def chunk_faults(
    chunk_size: int | None, compression: str, known: tuple[StrEnum, ...]
) -> tuple[tuple[bool, str], tuple[bool, str]]:
    """Tell what is wrong with how a file shall be chunked and compressed."""
    return (
        (
            chunk_size is not None and not 1 <= chunk_size <= MAX_CHUNK_SIZE,
            f"The chunk size must be from 1 byte to 1 GiB, not {chunk_size}.",
        ),
        (
            compression not in known,
            f"There is no compression {str(compression)!r}; there are {', '.join(known)}.",
        ),
    )


def parse_size(text: str) -> int:
    """Read a number of bytes, such as `5GB` (10^9 each), `200 MiB` (2^20 each) or `1234`.

    Raises:
        ValueError: It is no size.
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*", text, re.ASCII)
    if not match or match[2].upper() not in UNITS:
        raise ValueError(f"{text!r} is no size; write such as 5GB, 200MB or 64KiB.")
    return int(Decimal(match[1]) * UNITS[match[2].upper()])


def parse_start(text: str) -> int:
    """Read an ISO 8601 moment, in UTC unless it says otherwise.

    Returns:
        Nanoseconds since the epoch.

    Raises:
        ValueError: It is no moment.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no time; write such as 2023-10-31T14:30:00Z.") from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds * 1000
