"""Exported files with free headings, read and told apart by what their columns hold."""

import pytest
from robowire_conformance.losant.csvfile import NotCSV, read_csv, says

ID = "575ecf887ae143cd83dc4aa2"
TEXT = (
    "\N{ZERO WIDTH NO-BREAK SPACE}Gerät,Zeit (ms),ISO,voltage,note\r\n"
    f'{ID},1465965600000,2016-06-15T04:40:00Z,12.5,"a,b"\r\n'
    f"{ID},1465965660000,2016-06-15T04:41:00.000+00:00,,\r\n"
)


def test_columns_are_told_from_what_they_hold() -> None:
    """Ids, milliseconds and dates are found whatever they are called; attributes by their names."""
    file = read_csv(TEXT.encode(), ["voltage", "note"])
    assert (file.id, file.time, file.date) == (0, 1, 2)
    first, second = file.rows
    assert first.device == ID
    assert first.time == first.date == 1465965600000
    assert dict(first.cells) == {"voltage": "12.5", "note": "a,b"}
    assert dict(second.cells) == {"voltage": "", "note": ""}


def test_columns_that_are_missing_are_none() -> None:
    """Without ids and dates only the time is found."""
    file = read_csv(b"t,voltage\n1465965600000,1\n", ["voltage"])
    assert (file.id, file.time, file.date) == (None, 0, None)


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"", "empty"), (b"a,b\n1\n", "fields"), (b"a\n\xff\n", "UTF-8")],
)
def test_what_is_no_csv_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    """Empty files, ragged rows and other encodings are no CSV."""
    with pytest.raises(NotCSV, match=reason):
        read_csv(body, [])


@pytest.mark.parametrize(
    ("cell", "value", "right"),
    [
        ("12.5", 12.5, True),
        ("1e3", 1000, True),
        ("12.50001", 12.5, False),
        ("", 0, False),
        ("true", True, True),
        ("True", True, True),
        ("0", False, True),
        ("true", False, False),
        ("a\nb", "a\r\nb", True),
        ("ab", "a b", False),
    ],
)
def test_cells_say_values(cell: str, value: float | str | bool, right: bool) -> None:  # noqa: FBT001
    """A cell gives a number, a truth value or a text in its usual writing."""
    assert says(cell, value) is right
