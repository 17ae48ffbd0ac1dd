"""A parser of ROS 1 message definitions, in the concatenated form that bags carry (http://wiki.ros.org/msg)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from robowire_mocks.formats import BagError

PRIMITIVES = frozenset({
    "bool", "byte", "char", "string", "time", "duration", "float32", "float64",
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
})  # fmt: skip
MAX_DEPTH = 64
"""The deepest nesting of messages that is believed."""
_MAX_TEXT = 1 << 20
_SEPARATOR = re.compile(r"^={10,}[ \t]*$", re.MULTILINE)
_FIELD = re.compile(r"(?P<type>[A-Za-z][\w/]*)(?P<array>\[(?P<length>\d{0,10})\])?\s+(?P<name>[A-Za-z_]\w*)", re.ASCII)
_CONSTANT = re.compile(r"(?P<type>[a-z]\w*)\s+(?P<name>[A-Za-z_]\w*)\s*=(?P<value>.*)", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `type` is a primitive's name or `package/Name`; an array's `length` is None if it varies."""

    name: str
    type: str
    array: bool = False
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant, its value as written."""

    name: str
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A message type: its fields in the order of their bytes, its constants, which take no bytes."""

    name: str
    fields: tuple[Field, ...]
    constants: tuple[Constant, ...] = ()


def parse(name: str, text: str) -> Mapping[str, Definition]:
    """The definitions of a message type and of all types that it is made of, by name; the type itself comes first.

    Args:
        name: The type that the text begins with, as `package/Name`.
        text: Its definition, then for each type that it needs a line of `=`, a line `MSG: package/Name` and that
            type's definition.

    Raises:
        BagError: A line is no definition, a type is missing, or a type contains itself.
    """
    if len(text) > _MAX_TEXT:
        raise BagError(f"the definition of {name} is absurdly long")
    root = _normal(name)
    drafts: dict[str, Definition] = {}
    for title, lines in _blocks(root, text):
        drafts.setdefault(title, _definition(title, lines))
    if root not in drafts:
        raise BagError(f"the definition of {name} is missing")
    resolver = _Resolver(drafts)
    resolver.resolve(root, ())
    return dict(reversed(resolver.resolved.items()))


def _normal(name: str) -> str:
    """Without the `msg` that newer tools put between package and name."""
    return name.replace("/msg/", "/")


def _blocks(root: str, text: str) -> Iterator[tuple[str, list[str]]]:
    """The lines of each definition under the name of its type."""
    for place, block in enumerate(_SEPARATOR.split(text.replace("\r", "\n"))):
        lines = [line.strip() for line in block.split("\n")]
        lines = [line for line in lines if line and not line.startswith("#")]
        if lines and lines[0].startswith("MSG:"):
            yield _normal(lines[0].removeprefix("MSG:").partition("#")[0].strip()), lines[1:]
        elif place == 0:
            yield root, lines
        elif lines:
            raise BagError(f"the definition of {root} has a part without a name")


def _definition(name: str, lines: list[str]) -> Definition:
    members = [_member(name, line) for line in lines]
    fields = tuple(member for member in members if isinstance(member, Field))
    if len({field.name for field in fields}) != len(fields):
        raise BagError(f"the definition of {name} names a field twice")
    return Definition(name, fields, tuple(member for member in members if isinstance(member, Constant)))


def _member(name: str, line: str) -> Field | Constant:
    bare = line.partition("#")[0].strip()
    if "=" in bare and (constant := _CONSTANT.fullmatch(line)):
        # A string constant is all that follows the sign, '#' included.
        value = constant["value"] if constant["type"] == "string" else constant["value"].partition("#")[0]
        return Constant(constant["name"], constant["type"], value.strip())
    if field := _FIELD.fullmatch(bare):
        length = int(field["length"]) if field["length"] else None
        return Field(field["name"], field["type"], field["array"] is not None, length)
    raise BagError(f"the definition of {name} has a line that defines nothing: {line[:80]!r}")


class _Resolver:
    """Puts a type and all that it is made of into `resolved`, the fields' types by their full names."""

    def __init__(self, drafts: Mapping[str, Definition]) -> None:
        self.resolved: dict[str, Definition] = {}
        self._drafts = drafts
        self._depth = dict.fromkeys(PRIMITIVES, 0)
        self._by_last: dict[str, list[str]] = {}
        for name in drafts:
            self._by_last.setdefault(name.rpartition("/")[2], []).append(name)

    def resolve(self, name: str, above: tuple[str, ...]) -> None:
        """Resolve `name`, which `above` contain; raises BagError if that cannot be done."""
        if name in above:
            raise BagError(f"the definition of {name} contains itself")
        if len(above) == MAX_DEPTH:
            raise BagError(f"the definition of {above[0]} nests too deep")
        draft = self._drafts[name]
        fields = []
        for field in draft.fields:
            type_ = field.type if field.type in PRIMITIVES else self._find(field.type, name)
            if type_ not in self._depth:
                self.resolve(type_, (*above, name))
            fields.append(Field(field.name, type_, field.array, field.length))
        self._depth[name] = 1 + max((self._depth[field.type] for field in fields), default=0)
        # What others need too was resolved under whichever came first, perhaps not the deepest.
        if self._depth[name] > MAX_DEPTH:
            raise BagError(f"the definition of {name} nests too deep")
        self.resolved[name] = Definition(name, tuple(fields), draft.constants)

    def _find(self, name: str, owner: str) -> str:
        """The full name of the type that `name` means in a field of `owner`."""
        name = _normal(name)
        package = owner.rpartition("/")[0]
        # wiki.ros.org/msg: a bare Header is std_msgs/Header, another bare name is of the owner's package.
        likely = name if "/" in name else "std_msgs/Header" if name == "Header" else f"{package}/{name}"
        if likely in self._drafts:
            return likely
        # Bags of old tools say roslib/Header, or leave the package out: the last part must do if it is unique.
        same_last = self._by_last.get(name.rpartition("/")[2], [])
        if len(same_last) != 1:
            raise BagError(f"the definition of {owner} needs {name}, which is missing")
        return same_last[0]
