"""A Bags server that shares no code with the mock, with a setting for each choice that the document leaves open."""

import base64
import json
import math
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

import numpy as np
from robowire_fixtures.bags import LATCHED_TOPICS
from rosbags.rosbag1 import Reader
from rosbags.rosbag1.reader import ReaderError
from rosbags.serde import SerdeError
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
SECOND = 10**9

Headers = list[tuple[str, str]]
Row = tuple[int, str, dict[str, Any]]
StartResponse = Callable[[str, Headers], object]


@dataclass(frozen=True)
class Choices:
    """What the document leaves open."""

    start_included: bool = True
    end_included: bool = True
    to_seconds: Callable[[float], int] = math.floor
    zone_hours: float = 0
    megabytes: bool = True
    backfill_last: bool = False
    newest_first: bool = False
    time: Callable[[int, int], Any] = lambda sec, nanosec: {"secs": sec, "nsecs": nanosec}
    octets: Callable[[bytes], Any] = lambda data: base64.b64encode(data).decode()
    not_finite: Callable[[float], Any] = lambda _: None
    cache_control: str = "public, max-age=2592000"
    also_latched: tuple[str, ...] = ()
    chunk_times_of_range: bool = False
    lists_corrupted: bool = True
    refuses_odd_ranges: bool = False
    refuses_empty_bags: bool = False
    download_path: str = "/bags/{}/download"
    extras: Mapping[str, Any] = field(default_factory=dict)
    compress: bool = False


LITERAL = Choices()
OTHERWISE = Choices(
    start_included=False,
    to_seconds=math.ceil,
    zone_hours=5.75,
    megabytes=False,
    backfill_last=True,
    newest_first=True,
    time=lambda sec, nanosec: sec + nanosec / SECOND,
    octets=list,
    not_finite=str,
    cache_control="max-age=2592000,  Public, immutable",
    also_latched=("/battery", "/tf_static"),
    chunk_times_of_range=True,
    lists_corrupted=True,
    refuses_odd_ranges=True,
    refuses_empty_bags=True,
    download_path="/files/{}?as=bag",
    extras={"robot": "R2", "version": [2, 7, 1]},
    compress=True,
)


class Refused(Exception):  # noqa: N818  # what the server does, not what went wrong in it
    """A request that is answered 400."""


class AnotherServer:
    """A WSGI application that serves a folder of bags."""

    def __init__(self, folder: Path, choices: Choices) -> None:
        self.folder = folder
        self.choices = choices
        self._opened: dict[str, list[Row]] = {}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        status, headers, body = self._answer(environ)
        if self.choices.compress and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "") and len(body) > 100:
            packer = zlib.compressobj(wbits=31)
            body = packer.compress(body) + packer.flush()
            headers.append(("Content-Encoding", "gzip"))
        start_response(f"{status} Status", headers)
        return [body[: len(body) // 2], body[len(body) // 2 :]]

    def _answer(self, environ: dict[str, Any]) -> tuple[int, Headers, bytes]:
        path = environ["PATH_INFO"].encode("latin-1").decode()
        query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        host = environ["HTTP_HOST"]
        names = {file.name: file for file in sorted(self.folder.glob("*.bag"), reverse=self.choices.newest_first)}
        if path == "/bags/":
            return _json(200, [self._entry(file, host) for file in names.values() if self._listed(file)])
        for name, file in names.items():
            if path == unquote(self.choices.download_path.format(quote(name)).partition("?")[0]):
                return 200, [("Content-Type", "application/x-rosbag")], file.read_bytes()
        if not path.startswith("/bags/") or not path.endswith("/player"):
            return 404, [], b"nothing here"
        try:
            body = self._player(names.get(path.removeprefix("/bags/").removesuffix("/player")), query)
        except (Refused, ReaderError) as error:
            return _json(400, {"error": f"cannot: {error}", "code": 17})
        return _json(200, body, [("cAcHe-cOnTrOl", self.choices.cache_control)])

    def _listed(self, file: Path) -> bool:
        try:
            self._read(file)
        except ReaderError:
            return self.choices.lists_corrupted
        return True

    def _entry(self, file: Path, host: str) -> dict[str, Any]:
        size = file.stat().st_size
        megabytes = self.choices.megabytes and size >= 2**20
        try:
            end_s = self._read(file)[-1][0] / SECOND
        except (ReaderError, IndexError):
            end_s = file.stat().st_mtime
        end = datetime.fromtimestamp(end_s, UTC).astimezone(timezone(timedelta(hours=self.choices.zone_hours)))
        return {
            "filename": file.name,
            "size": f"{size / 2**20:.1f}MB" if megabytes else f"{size / 1024:.1f}KB",
            "size_bytes": size,
            "end": f"{end:%d}-{MONTHS[end.month - 1]}-{end:%Y %H:%M:%S}",
            "download_url": f"http://{host}{self.choices.download_path.format(quote(file.name))}",
            **self.choices.extras,
        }

    def _player(self, file: Path | None, query: dict[str, str]) -> dict[str, Any]:
        if file is None:
            raise Refused("no such bag")
        rows = self._read(file)
        if not rows and self.choices.refuses_empty_bags:
            raise Refused("nothing in it")
        cut = self.choices.to_seconds
        first, last = (rows[0][0], rows[-1][0]) if rows else (0, 0)
        facts: dict[str, float] = {
            "total_messages": len(rows),
            "start_time": cut(first / SECOND),
            "end_time": cut(last / SECOND),
        }
        if not query.keys() & {"start_time", "end_time"}:
            return facts | dict(self.choices.extras)
        try:
            start, end = float(query["start_time"]), float(query["end_time"])
        except (KeyError, ValueError) as error:
            raise Refused(error) from error
        if self.choices.refuses_odd_ranges and not (math.isfinite(start) and math.isfinite(end) and start <= end):
            raise Refused("odd range")
        if self.choices.chunk_times_of_range and math.isfinite(start) and math.isfinite(end):
            facts |= {"start_time": start, "end_time": end}
        return facts | {"messages": self._messages(rows, start, end)}

    def _messages(self, rows: list[Row], start: float, end: float) -> list[dict[str, Any]]:
        latched = {*LATCHED_TOPICS, *self.choices.also_latched}
        earlier: dict[str, dict[str, Any]] = {}
        within = []
        for time_ns, topic, fields in rows:
            stamp = time_ns / SECOND
            message = fields | {"topic": topic, "__stamp": stamp, "__latched": topic in latched, **self.choices.extras}
            if stamp < start or (stamp == start and not self.choices.start_included):
                if topic in latched:
                    earlier[topic] = message
            elif stamp < end or (stamp == end and self.choices.end_included):
                within.append(message)
        return [*within, *earlier.values()] if self.choices.backfill_last else [*earlier.values(), *within]

    def _read(self, file: Path) -> list[Row]:
        if file.name not in self._opened:
            store = get_typestore(Stores.EMPTY)
            with Reader(file) as reader:
                for connection in reader.connections:
                    types = get_types_from_msg(connection.msgdef.data, connection.msgtype)
                    store.register({name: types[name] for name in types if name not in store.types})
                rows = [
                    (time_ns, connection.topic, self._converted(store, data, connection.msgtype))
                    for connection, time_ns, data in reader.messages()
                ]
            self._opened[file.name] = sorted(rows, key=lambda row: row[0])
        return self._opened[file.name]

    def _converted(self, store: Any, data: bytes, kind: str) -> dict[str, Any]:
        try:
            return self._fields(store, store.deserialize_ros1(data, kind))
        except SerdeError:  # text that is not UTF-8, of which this reader makes nothing
            return {"undecodable": True}

    def _fields(self, store: Any, message: Any) -> dict[str, Any]:
        names = [name for name, _ in store.fielddefs[message.__msgtype__][1]]
        return {name: self._value(store, getattr(message, name)) for name in names if not name.startswith("structure_")}

    def _value(self, store: Any, value: Any) -> Any:
        kind = getattr(value, "__msgtype__", "")
        if kind in ("builtin_interfaces/msg/Time", "builtin_interfaces/msg/Duration"):
            return self.choices.time(value.sec, value.nanosec)
        if kind:
            return self._fields(store, value)
        if isinstance(value, np.ndarray) and value.dtype == np.uint8:
            return self.choices.octets(value.tobytes())
        if isinstance(value, list | np.ndarray):
            return [self._value(store, item) for item in (value if isinstance(value, list) else value.tolist())]
        if isinstance(value, float) and not math.isfinite(value):
            return self.choices.not_finite(value)
        return value


def _json(status: int, body: Any, headers: Headers | None = None) -> tuple[int, Headers, bytes]:
    text = json.dumps(body, allow_nan=False, ensure_ascii=False).encode()
    return status, [*(headers or []), ("Content-Type", "application/json; charset=utf-8")], text
