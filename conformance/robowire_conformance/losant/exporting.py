"""Exports ordered, their notices received, and the files that these lead to."""

import gzip
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from robowire_conformance.client import Answer
from robowire_conformance.evidence import JSON
from robowire_conformance.gathering import Fault
from robowire_conformance.listener import Listener, Notice
from robowire_conformance.losant.asking import EXPORT, DataApi
from robowire_conformance.losant.csvfile import CsvFile, NotCSV, read_csv
from robowire_conformance.verdict import Violation

LINK = re.compile(r"https?://[^\s\"'<>\\)\]]+")
STRAGGLERS_S = 2.0
"""How long more notices of one export are waited for, once there has been one."""


@dataclass(frozen=True, slots=True)
class Order:
    """An export that was asked for."""

    name: str
    body: Mapping[str, JSON]
    answer: Answer

    def fault(self, message: str, expected: object, actual: object) -> Fault:
        """Something wrong with it."""
        shown = {name: value for name, value in self.body.items() if name != "callbackUrl"}
        return Fault(f"{message} (an export of {shown})", expected, actual, self.answer.exchange, len(str(shown)))


@dataclass(frozen=True, slots=True)
class Export:
    """What came of an order: notices, the links in them, and the files; `trouble` says what is wrong with one."""

    order: Order
    notices: Sequence[Notice] = ()
    links: Sequence[str] = ()
    files: Sequence[CsvFile] = ()
    trouble: str = ""

    @property
    def read(self) -> bool:
        """Whether a file was received and could be read."""
        return bool(self.files) and not self.trouble

    @property
    def content(self) -> list[tuple[object, ...]]:
        """What the files hold, in whatever order they came."""
        return sorted((file.content for file in self.files), key=repr)


@dataclass(slots=True)
class Exporter:
    """Orders exports all at once, and collects them afterwards."""

    api: DataApi
    listener: Listener
    attributes: Sequence[str]
    _orders: dict[str, Order] = field(default_factory=dict)
    _exports: dict[str, Export] = field(default_factory=dict)

    def order(self, body: Mapping[str, JSON]) -> Order:
        """Ask for an export; the same one is asked for only once."""
        key = orjson.dumps(body).decode()
        if key not in self._orders:
            name = f"export-{len(self._orders) + 1}"
            whole = {**body, "callbackUrl": self.listener.url(name)}
            self._orders[key] = Order(name, whole, self.api.post(EXPORT, whole))
        return self._orders[key]

    def collect(self, body: Mapping[str, JSON], files: int = 1) -> Export:
        """What comes of an export, for which so many files may be expected."""
        order = self.order(body)
        if order.name not in self._exports:
            self._exports[order.name] = self._collect(order, files)
        return self._exports[order.name]

    def _collect(self, order: Order, files: int) -> Export:
        if order.answer.status != 202:
            return Export(order, trouble=f"it is answered {order.answer.status}")
        own = str(order.body["callbackUrl"])
        notices = self.listener.wait(order.name)
        links: list[str] = []
        read: list[CsvFile] = []
        try:
            while new := [link for link in _links(notices, own) if link not in links]:
                links += new
                read += [file for link in new for file in self._files(link)]
                if len(read) < files:
                    notices = self.listener.wait(order.name, known=len(notices), patience_s=STRAGGLERS_S)
        except NotCSV as error:
            return Export(order, notices, links, trouble=str(error))
        if not notices:
            return Export(order, trouble="no notice of it has come")
        if not links:
            return Export(order, notices, trouble=f"there is no link in its notice: {notices[0].body[:200]!r}")
        return Export(order, notices, links, read)

    def _files(self, link: str) -> Iterator[CsvFile]:
        try:
            answer = self.api.client.get(link)
        except Violation as violation:
            raise NotCSV(violation.message) from None
        if answer.status != 200:
            raise NotCSV(f"its link answers {answer.status}")
        for body in _unpacked(answer.body):
            yield read_csv(body, self.attributes)


def _links(notices: Sequence[Notice], own: str) -> list[str]:
    """Every address in the notices, each once; they may be JSON or plain text."""
    found: dict[str, None] = {}
    for notice in notices:
        try:
            texts = list(_strings(orjson.loads(notice.body)))
        except orjson.JSONDecodeError:
            texts = [notice.body.decode("utf-8", errors="replace")]
        found |= dict.fromkeys(link for text in texts for link in LINK.findall(text) if not link.startswith(own))
    return list(found)


def _strings(value: JSON) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from _strings(member)
    elif isinstance(value, list):
        for element in value:
            yield from _strings(element)


def _unpacked(body: bytes) -> Iterator[bytes]:
    """The files in a body: itself, or what it is an archive of."""
    try:
        if body.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                for name in archive.namelist():
                    yield archive.read(name)
        elif body.startswith(b"\x1f\x8b"):
            yield gzip.decompress(body)
        else:
            yield body
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise NotCSV(f"it cannot be unpacked: {error}") from None
