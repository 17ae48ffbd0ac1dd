"""Clients of a mock, and what an independent reader finds in the bags that it serves."""

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from robowire_mocks.bags import BagsMock
from rosbags.rosbag1 import Reader
from rosbags.serde.errors import SerdeError
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

UNKNOWN: Any = object()
"""Fields that the independent reader cannot decode, since a string in them is not UTF-8."""


@dataclass(frozen=True, slots=True)
class Truth:
    """One message as the independent reader finds it; `fields` as JSON values."""

    time_ns: int
    topic: str
    fields: Any

    @property
    def stamp(self) -> float:
        """Its time in seconds."""
        return self.time_ns / 10**9


@pytest.fixture
def client(mock: BagsMock) -> FlaskClient:
    """A client of the mock that serves the demo set."""
    return mock.app.test_client()


@pytest.fixture(scope="session")
def read_truth() -> Callable[[Path], list[Truth]]:
    """Reads a bag with rosbags, in order of time."""
    return cache(_read)


def _read(path: Path) -> list[Truth]:
    store = get_typestore(Stores.EMPTY)
    with Reader(path) as reader:
        for connection in reader.connections:
            types = get_types_from_msg(connection.msgdef.data, connection.msgtype)
            store.register({name: types[name] for name in types if name not in store.types})

        def decoded(data: bytes, kind: str) -> Any:  # JSON
            try:
                return _json(store.deserialize_ros1(data, kind))
            except SerdeError:
                return UNKNOWN

        return [
            Truth(time_ns, connection.topic, decoded(bytes(data), connection.msgtype))
            for connection, time_ns, data in reader.messages()
        ]


def _json(value: Any) -> Any:  # whatever rosbags decodes, as JSON
    if is_dataclass(value):
        if type(value).__name__ in {"builtin_interfaces__msg__Time", "builtin_interfaces__msg__Duration"}:
            return {"secs": vars(value)["sec"], "nsecs": vars(value)["nanosec"]}
        # Constants are fields of rosbags' classes too; in capitals, as ROS has them.
        names = [field.name for field in fields(value) if not (field.name.startswith("__") or field.name.isupper())]
        return {name: _json(getattr(value, name)) for name in names if name != "structure_needs_at_least_one_member"}
    if isinstance(value, np.ndarray):
        return [_json(item) for item in value.tolist()]
    if isinstance(value, list):
        return [_json(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
