import pytest
from robowire_mocks.formats import BagError
from robowire_mocks.formats.rosmsg import MAX_DEPTH, Constant, Field, parse

RULE = "=" * 80
HEADER = f"{RULE}\nMSG: std_msgs/Header\nuint32 seq\ntime stamp\nstring frame_id\n"

FIELDS: dict[str, tuple[str, list[Field]]] = {
    "nothing": ("", []),
    "only comments": ("# nothing\n\n  # at all\n", []),
    "a primitive": ("int32 x", [Field("x", "int32")]),
    "every ending": ("int32 a\r\nint32 b\rint32 c\n", [Field("a", "int32"), Field("b", "int32"), Field("c", "int32")]),
    "tabs and spaces": ("\t int32 \t x \t ", [Field("x", "int32")]),
    "a comment behind": ("int32 x # = 5", [Field("x", "int32")]),
    "a comment close behind": ("int32 x#y", [Field("x", "int32")]),
    "a variable array": ("float64[] x", [Field("x", "float64", array=True)]),
    "a fixed array": ("float64[36] x", [Field("x", "float64", array=True, length=36)]),
    "an array of length 0": ("float64[0] x", [Field("x", "float64", array=True, length=0)]),
    "a comment not UTF-8": ("int32 x # \ufffd\ufffd", [Field("x", "int32")]),
    "byte, char and duration": (
        "byte b\nchar c\nduration d",
        [Field("b", "byte"), Field("c", "char"), Field("d", "duration")],
    ),
}


@pytest.mark.parametrize("name", FIELDS)
def test_fields_are_understood(name: str) -> None:
    """Whatever spaces, comments and line ends stand around them."""
    text, fields = FIELDS[name]
    assert list(parse("pkg/Type", text)["pkg/Type"].fields) == fields


CONSTANTS: dict[str, tuple[str, Constant]] = {
    "a number": ("int32 X=1", Constant("X", "int32", "1")),
    "spaces": ("int32 X = -1 # one", Constant("X", "int32", "-1")),
    "a string": ('string X= "a" # b ', Constant("X", "string", '"a" # b')),
    "a string with a sign": ("string X=a=b", Constant("X", "string", "a=b")),
    "an empty string": ("string X=", Constant("X", "string", "")),
    "a string like a comment": ("string X=#", Constant("X", "string", "#")),
    "a float": ("float64 PI = 3.14", Constant("PI", "float64", "3.14")),
}


@pytest.mark.parametrize("name", CONSTANTS)
def test_constants_are_no_fields(name: str) -> None:
    """They keep their text; that of a string runs to the end of its line."""
    text, constant = CONSTANTS[name]
    definition = parse("pkg/Type", f"{text}\nint32 y\n")["pkg/Type"]
    assert definition.constants == (constant,)
    assert definition.fields == (Field("y", "int32"),)


TYPES: dict[str, tuple[str, list[str]]] = {
    "Header": ("Header header\n" + HEADER, ["std_msgs/Header"]),
    "Header in full": ("std_msgs/Header header\n" + HEADER, ["std_msgs/Header"]),
    "Header of old bags": ("Header header\n" + HEADER.replace("std_msgs", "roslib"), ["roslib/Header"]),
    "the own package": (f"Other x\n{RULE}\nMSG: pkg/Other\nint32 y", ["pkg/Other"]),
    "another package": (f"geo/Other[] x\n{RULE}\nMSG: geo/Other\nint32 y", ["geo/Other"]),
    "a name in two packages": (
        f"Other x\ngeo/Other y\n{RULE}\nMSG: geo/Other\nint8 a\n{RULE}\nMSG: pkg/Other\nint8 b",
        ["pkg/Other", "geo/Other"],
    ),
    "names with msg": (f"geo/msg/Other x\n{RULE}\nMSG: geo/msg/Other\nint32 y", ["geo/Other"]),
    "CRLF": (f"Other x\r\n{RULE}\r\nMSG: pkg/Other\r\nint32 y\r\n", ["pkg/Other"]),
    "spaces at the ends": (f"Other x \n{RULE} \t\nMSG:  pkg/Other \nint32 y", ["pkg/Other"]),
    "a blank line before the name": (f"Other x\n{RULE}\n\n# other\nMSG: pkg/Other\nint32 y", ["pkg/Other"]),
    "a name that is not needed": (f"int8 x\n{RULE}\nMSG: pkg/Other\nMissing y", ["int8"]),
    "a text that names itself": (f"MSG: pkg/Type\nOther x\n{RULE}\nMSG: pkg/Other\nint32 y", ["pkg/Other"]),
    "a rule at the end": (f"int8 x\n{RULE}\n", ["int8"]),
}


@pytest.mark.parametrize("name", TYPES)
def test_types_are_found(name: str) -> None:
    """Fields name the full type that they mean."""
    text, types = TYPES[name]
    definitions = parse("pkg/Type", text)
    assert [field.type for field in definitions["pkg/Type"].fields] == types
    assert all("/" not in type_ or type_ in definitions for type_ in types)


def test_the_type_itself_comes_first() -> None:
    """Those that it is made of follow."""
    assert list(parse("pkg/Type", "Header header\n" + HEADER)) == ["pkg/Type", "std_msgs/Header"]


def chain(depth: int) -> str:
    """Types of one field each, nested `depth` deep."""
    blocks = ["T1 x"] + [f"{RULE}\nMSG: pkg/T{place}\nT{place + 1} x" for place in range(1, depth - 1)]
    return "\n".join([*blocks, f"{RULE}\nMSG: pkg/T{depth - 1}\nint8 x"])


ERRORS: dict[str, tuple[str, str]] = {
    "a missing type": ("Other x", "needs Other, which is missing"),
    "a missing Header": ("Header header", "needs Header, which is missing"),
    "an ambiguous type": (f"Other x\n{RULE}\nMSG: a/Other\nint8 a\n{RULE}\nMSG: b/Other\nint8 b", "which is missing"),
    "a type in itself": ("Type x", "contains itself"),
    "an array of itself": ("Type[] x", "contains itself"),
    "a circle": (f"Other x\n{RULE}\nMSG: pkg/Other\nType y", "contains itself"),
    "too deep": (chain(MAX_DEPTH + 1), "too deep"),
    "far too deep": (chain(5000), "too deep"),
    "a shared type too deep": (
        chain(MAX_DEPTH - 1).replace("T1 x", "T1 y\nU1 z", 1)
        + "".join(f"\n{RULE}\nMSG: pkg/U{place}\nU{place + 1} x" for place in range(1, 20))
        + f"\n{RULE}\nMSG: pkg/U20\nT1 x",
        "too deep",
    ),
    "a line of one word": ("int32", "defines nothing: 'int32'"),
    "a line of three words": ("int32 x y", "defines nothing"),
    "a name that is none": ("int32 9x", "defines nothing"),
    "an array without end": ("int32[ x", "defines nothing"),
    "a negative length": ("int32[-1] x", "defines nothing"),
    "an absurd length": ("int32[99999999999] x", "defines nothing"),
    "a field twice": ("int32 x\nint8 x", "names a field twice"),
    "a part without a name": (f"int8 x\n{RULE}\nint8 y", "a part without a name"),
    "endless": ("# \n" * 400_000, "absurdly long"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_what_cannot_be_understood_is_said(name: str) -> None:
    """Each is a BagError."""
    text, message = ERRORS[name]
    with pytest.raises(BagError, match=message):
        parse("pkg/Type", text)
