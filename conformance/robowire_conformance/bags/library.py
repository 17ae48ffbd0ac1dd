"""The bags that a target lists, downloaded and read independently: the truth that its answers are held to."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from robowire_conformance.bags.asking import player_path
from robowire_conformance.bags.listing import Entry, ask_list, list_sizes, require_entries
from robowire_conformance.bags.recording import Recording, Unreadable, read_recording, whole_length
from robowire_conformance.client import Answer, Client, Unreachable
from robowire_conformance.gathering import Fault, Judgement
from robowire_conformance.verdict import NotTested

FETCHED, OWN, WHOLE, COUNTED = "BAGS-DOWNLOAD-001", "BAGS-DOWNLOAD-002", "BAGS-DOWNLOAD-003", "BAGS-LIST-007"

MOST_BAGS = 8
"""How many bags are downloaded and compared, unless the target profile says otherwise (`max_bags`)."""

MOST_BYTES = 64 * 2**20
"""How large a bag may be to be downloaded, unless the target profile says otherwise (`max_bag_bytes`)."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A downloaded bag: its size and its recording or, where it has none, what is wrong with the file.

    `length` is the size that the file itself tells, if it does.
    """

    entry: Entry
    size: int
    length: int | None
    answer: Answer
    recording: Recording | None = None
    unreadable: Unreadable | None = None

    @property
    def filename(self) -> str:
        """Its name in the list."""
        return self.entry.filename


class Library:
    """What the downloads gave: the bags, and a judgement on the addresses that they came from.

    Raises:
        NotTested: The target lists no bag that can be downloaded.
    """

    def __init__(self, client: Client, answer: Answer, folder: Path, *, most: int, largest: int) -> None:
        self.client = client
        self.answer = answer
        self.entries = require_entries(answer)
        self.judgement = Judgement()
        self._folder = folder
        self._largest = largest
        fetched = [stored for entry in choose(self.entries, most, largest) if (stored := self._fetch(entry))]
        steady = self._steady(fetched)
        self._judge_downloads(steady)
        self.bags = [stored for stored in steady if _owner(stored, steady) is None]

    @property
    def readable(self) -> dict[str, Recording]:
        """By filename, the recordings of the bags that hold at least one message and can be read."""
        return {
            one.filename: one.recording for one in self.bags if one.recording is not None and one.recording.messages
        }

    @property
    def corrupted(self) -> dict[str, Unreadable]:
        """By filename, what is wrong with the files that the independent reader refuses."""
        return {one.filename: one.unreadable for one in self.bags if one.unreadable is not None}

    def require_readable(self) -> dict[str, Recording]:
        """The readable bags.

        Raises:
            NotTested: There is none.
        """
        if not self.readable:
            reason = "; ".join(sorted({str(one) for one in self.corrupted.values()})) or f"see {FETCHED} and {OWN}"
            raise NotTested(f"no bag with messages could be downloaded and read ({reason})")
        return self.readable

    def still_lists(self, filename: str) -> bool:
        """Whether a bag is still there: a robot may purge it at any time."""
        sizes = list_sizes(ask_list(self.client))
        return not sizes or filename in sizes

    def _fetch(self, entry: Entry) -> Stored | None:
        """Download a bag, from the target's own origin where the address in the list cannot be reached."""
        url = entry.body.get("download_url")
        if not isinstance(url, str):
            self.judgement.block(FETCHED, OWN, WHOLE, reason="there is no address to download from (see BAGS-LIST-010)")
            return None
        path = self._folder / "download.bag"
        absolute = urljoin(f"{self.client.base_url}/bags/", url)
        try:
            answer = self._download(absolute, path)
            reached = True
        except Unreachable as error:
            self._fault(FETCHED, f"{entry.filename} cannot be fetched from {url}", "the file", str(error), self.answer)
            parts = urlsplit(absolute)
            answer = self._download(parts.path + (f"?{parts.query}" if parts.query else ""), path)
            reached = False
        if answer.status != 200:
            if reached and self.still_lists(entry.filename):
                self._fault(FETCHED, f"{entry.filename} is not given by its download_url", 200, answer.status, answer)
            return None
        self.judgement.saw(FETCHED)
        size, length = path.stat().st_size, whole_length(path)
        try:
            return Stored(entry, size, length, answer, recording=read_recording(path))
        except Unreadable as unreadable:
            return Stored(entry, size, length, answer, unreadable=unreadable)

    def _download(self, url: str, path: Path) -> Answer:
        return self.client.download(url, path, limit=2 * self._largest)

    def _steady(self, fetched: Sequence[Stored]) -> list[Stored]:
        """The bags that neither grew nor vanished while they were downloaded: a robot records all the time."""
        sizes = list_sizes(ask_list(self.client))
        if not sizes:
            return list(fetched)
        return [one for one in fetched if sizes.get(one.filename, one) == one.entry.body.get("size_bytes")]

    def _judge_downloads(self, bags: Sequence[Stored]) -> None:
        """Judge what the addresses gave: the own file whole, a part of it, or another one's; or a wrong size listed."""
        # Readable bags come first: where the list miscounts those, it miscounts the unreadable ones too.
        for stored in sorted(bags, key=lambda one: one.unreadable is not None):
            size = stored.entry.size_bytes
            owner = _owner(stored, bags)
            if size is None:
                self.judgement.block(OWN, WHOLE, COUNTED, reason="no size to compare with (see BAGS-LIST-006)")
            elif owner:
                text = f"The download_url of {stored.filename} gives the file of {owner.filename}"
                self._fault(OWN, text, f"{size} bytes", f"the {stored.size} bytes of {owner.filename}", stored.answer)
            elif stored.size == size:
                self.judgement.saw(COUNTED)
                self.judgement.saw(OWN)
                self._judge_whole(stored, any_readable=any(other.recording is not None for other in bags))
            elif stored.length != stored.size and not self.judgement.faulty(COUNTED):
                text = f"What download_url gives of {stored.filename} is not the file, whole and nothing else"
                self._fault(WHOLE, text, f"{size} bytes", f"{stored.size} bytes", stored.answer)
            else:
                text = f"size_bytes of {stored.filename} is not the size of its file"
                self._fault(COUNTED, text, stored.size, size, self.answer)
                self.judgement.saw(OWN)
                self.judgement.saw(WHOLE)

    def _judge_whole(self, stored: Stored, *, any_readable: bool) -> None:
        """Downloads of the right size none of which is a bag, while the player reads one: altered on the way.

        If others are bags, this one is corrupted on the robot, and the player ought not to read it.
        """
        hopeless = stored.unreadable is not None and not stored.unreadable.salvageable and not any_readable
        if hopeless and self.client.get(player_path(stored.filename)).status == 200:
            text = f"The player reads {stored.filename}, but what is downloaded is no bag: {stored.unreadable}"
            self._fault(WHOLE, text, "the file that the player reads", str(stored.unreadable), stored.answer)
        else:
            self.judgement.saw(WHOLE)

    def _fault(self, requirement: str, message: str, expected: object, actual: object, answer: Answer) -> None:
        self.judgement.fault(requirement, Fault(message, expected, actual, answer.exchange, 0))


def _owner(stored: Stored, bags: Sequence[Stored]) -> Stored | None:
    """The other bag whose file was given for this one, as the sizes in the list tell."""
    if stored.size == stored.entry.size_bytes:
        return None
    return next((other for other in bags if other is not stored and other.entry.size_bytes == stored.size), None)


def choose(entries: Sequence[Entry], most: int, largest: int) -> list[Entry]:
    """The bags to look at: unambiguous and not too large; the ends of the list, then the small ones.

    Raises:
        NotTested: There is none.
    """
    counts = Counter(entry.filename for entry in entries)
    usable = [entry for entry in entries if counts[entry.filename] == 1 and (entry.size_bytes or 0) <= largest]
    if not usable:
        raise NotTested(f"no bag is listed once and within {largest} bytes: see max_bag_bytes of the target profile")
    small = sorted(usable[1:-1], key=lambda entry: entry.size_bytes or 0)
    chosen = [usable[0], usable[-1], *small][:most]
    return [entry for entry in usable if entry in chosen]
