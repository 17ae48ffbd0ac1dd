import struct

import numpy as np
import pytest
from robowire_generators.encoding import encode


def test_strings_and_times_are_encoded_as_ros_does() -> None:
    """A string is its length and its bytes, a time its seconds and nanoseconds."""
    assert encode("std_msgs/String", {"data": "ä"}) == b"\2\0\0\0\xc3\xa4"
    assert encode("std_msgs/String", {"data": b"\xe4"}) == b"\1\0\0\0\xe4"
    assert encode("std_msgs/Time", {"data": 5_000_000_007}) == b"\5\0\0\0\7\0\0\0"
    assert encode("std_msgs/Duration", {"data": -1}) == b"\xff\xff\xff\xff\xff\xc9\x9a\x3b"
    assert encode("std_msgs/Empty", {}) == b""


@pytest.mark.parametrize("data", [[1, 2, 255], (1, 2, 255), bytes((1, 2, 255)), np.array([1, 2, 255], np.uint8)])
def test_arrays_may_be_sequences_bytes_or_numpy_arrays(data: object) -> None:
    """All give the same."""
    value = {"layout": {"dim": [], "data_offset": 0}, "data": data}
    assert encode("std_msgs/UInt8MultiArray", value) == bytes(8) + b"\3\0\0\0\1\2\xff"


def test_an_array_of_fixed_length_has_no_count() -> None:
    """And must have that length."""
    value = {"layout": {"dim": [], "data_offset": 0}, "data": [1.5, float("nan")]}
    assert encode("std_msgs/Float64MultiArray", value)[8:] == struct.pack("<Idd", 2, 1.5, float("nan"))
    pose = {"position": dict.fromkeys("xyz", 0.0), "orientation": dict.fromkeys("xyzw", 0.0)}
    assert len(encode("geometry_msgs/PoseWithCovariance", {"pose": pose, "covariance": [0.0] * 36})) == 8 * (7 + 36)
    with pytest.raises(ValueError, match="An array of 36 elements was given 35"):
        encode("geometry_msgs/PoseWithCovariance", {"pose": pose, "covariance": [0.0] * 35})


def test_a_missing_field_is_refused() -> None:
    """By its name."""
    with pytest.raises(KeyError, match="data"):
        encode("std_msgs/String", {})
