"""The advanced device query at work: its operators on what answers tell of devices, and laws for what they do not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from robowire_fixtures.losant import ID_FIELDS, QUERY_JOINS, VALUE_FIELDS

from robowire_conformance.evidence import JSON
from robowire_conformance.gathering import Judgement
from robowire_conformance.losant.device_query import Known, matches
from robowire_conformance.losant.fleet import NOBODY, Fleet, Selection, TimeSeriesWay
from robowire_conformance.losant.selecting import some_of

Query = Mapping[str, JSON]
NESTING = "LOSANT-QUERY-005"
AND, OR, NOR, TOGETHER = (f"LOSANT-QUERY-{number}" for number in range(201, 205))
ID, NAME, ATTRIBUTE = "LOSANT-QUERY-211", "LOSANT-QUERY-220", "LOSANT-QUERY-222"
FIELDS = {name: f"LOSANT-QUERY-{number}" for number, name in enumerate((*ID_FIELDS, *VALUE_FIELDS), start=211)}
COMPARISONS = ("$eq", "$ne", "$gt", "$lt", "$gte", "$lte", "$in", "$nin")
OF_ID = {name: f"LOSANT-QUERY-{number}" for number, name in enumerate(COMPARISONS, start=231)}
OF_NAME = {
    name: f"LOSANT-QUERY-{number}"
    for number, name in enumerate((*COMPARISONS, "$startsWith", "$endsWith", "$contains"), start=241)
}
IGNORES_CASE, MINDS_CASE, OPERATORS = "LOSANT-QUERY-252", "LOSANT-QUERY-253", "LOSANT-QUERY-254"
TAG_KEY, TAG_VALUE, TAG_BOTH, TAG, TAG_EQ, TAG_NE, TAG_IN, TAG_NIN = (
    f"LOSANT-QUERY-{number}" for number in range(261, 269)
)
SHOWN_NAME, SELECTS = "LOSANT-TIMESERIES-027", "LOSANT-SELECT-307"
ALL_OF_THEM = (AND, OR, NOR, TOGETHER, *FIELDS.values(), *OF_ID.values(), *OF_NAME.values())
ALL_OF_TAGS = (TAG_KEY, TAG_VALUE, TAG_BOTH, TAG, TAG_EQ, TAG_NE, TAG_IN, TAG_NIN)
LONG_AGO = "2016-06-15T04:00:00.000Z"
CLASSES = ("standalone", "gateway", "peripheral", "floating", "edgeCompute")


class Querying:
    """Asks for devices by queries and judges what is selected."""

    def __init__(self, fleet: Fleet, way: TimeSeriesWay) -> None:
        self.way = way
        self.judgement = Judgement()
        self.devices = fleet.of(way.visible)
        self.ids = [device.id for device in self.devices]
        names = sorted(device.name for device in self.devices)
        self.names = names if all(names) else []

    def judge(self) -> Judgement:
        """Judge all that the devices give occasion for."""
        self._judge_ids()
        self._judge_names()
        self._judge_attribute_name()
        for field in FIELDS:
            if field not in {"id", "name", "attributeName"}:
                self._judge_division(field)
        self._judge_joins()
        self._judge_tags()
        return self.judgement

    def ask(self, query: Query) -> Selection:
        """What a query selects."""
        return self.way.select({"deviceQuery": query})

    def shown(self, query: Query) -> frozenset[str] | None:
        """The devices that a query selects, among those that would show; None where the answer cannot be read."""
        ids = self.ask(query).ids
        return None if ids is None else ids & self.way.visible

    def fits(self, query: Query) -> bool:
        """Whether the selection is what the devices' own facts say."""
        got = self.shown(query)
        return got is not None and not self._wrong(query, got)

    def _wrong(self, query: Query, got: frozenset[str]) -> list[Known]:
        return [one for one in self.devices if matches(query, one) not in {None, one.id in got}]

    def require(self, requirement: str, queries: Iterable[Query]) -> None:
        """Compare selections with what each device's own facts say; one counts if it tells devices apart."""
        for query in queries:
            got = self.shown(query)
            due = [matches(query, one) for one in self.devices]
            if got is None or self._wrong(query, got):
                expected = [one.id for one, yes in zip(self.devices, due, strict=True) if yes]
                fault = self.ask(query).fault("wrong devices are selected", expected, sorted(got or ()))
                self.judgement.fault(requirement, fault)
            elif True in due and False in due:
                self.judgement.saw(requirement)

    def equal(self, requirement: str, query: Query, due: frozenset[str] | None, *, telling: bool = True) -> None:
        """Compare a selection with a set that other selections give."""
        got = self.shown(query)
        if due is None:
            self.judgement.block(requirement, reason="a query by itself cannot be read")
        elif got != due:
            fault = self.ask(query).fault("another set of devices is selected", sorted(due), sorted(got or ()))
            self.judgement.fault(NESTING if got is None and _nests(query) else requirement, fault)
        elif telling:
            self.judgement.saw(requirement)

    def _judge_ids(self) -> None:
        """Where hardly any operator works, it is the field that does not."""
        queries = {name: list(_comparisons("id", name, self.ids)) for name in COMPARISONS}
        broken = [name for name, some in queries.items() if not all(self.fits(query) for query in some)]
        self.require(ID, ({"id": one} for one in some_of(self.ids, 3)))
        if len(broken) > len(queries) // 2 and self.judgement.faulty(ID):
            self.judgement.block(*OF_ID.values(), reason=f"{ID}, which they need, fails")
            return
        for name, some in queries.items():
            self.require(OF_ID[name], some)

    def _judge_names(self) -> None:
        names = self.names
        if not names:
            reason = "a device shows no name (see LOSANT-TIMESERIES-011)"
            self.judgement.block(SHOWN_NAME, NAME, *OF_NAME.values(), IGNORES_CASE, MINDS_CASE, reason=reason)
            return
        single = [{"name": name} for name in some_of(names, 4)]
        if self._shown_names_are_wrong(names):
            selection = self.ask(single[0])
            fault = selection.fault("the name that the answers give selects nothing", "the device", [])
            self.judgement.fault(SHOWN_NAME, fault)
            self.judgement.block(NAME, *OF_NAME.values(), IGNORES_CASE, MINDS_CASE, reason=f"{SHOWN_NAME} fails")
            return
        self.judgement.saw(SHOWN_NAME)
        queries = {name: list(_comparisons("name", name, names)) for name in COMPARISONS}
        queries |= {name: list(_parts(name, names)) for name in ("$startsWith", "$endsWith", "$contains")}
        broken = [name for name, some in queries.items() if not all(self.fits(query) for query in some)]
        self.require(
            NAME,
            [*single, *({"name": part} for part in names[-1:] for part in (names[-1][:-1], names[-1][1:]) if part)],
        )
        if len(broken) > len(queries) // 2 and self.judgement.faulty(NAME):
            self.judgement.block(*OF_NAME.values(), IGNORES_CASE, MINDS_CASE, reason=f"{NAME}, which they need, fails")
            return
        for name, some in queries.items():
            self.require(OF_NAME[name], some)
        self._judge_case(names)

    def _shown_names_are_wrong(self, names: Sequence[str]) -> bool:
        """Whether most of the names select none that shows them, however they are asked for.

        Where the fault is with one way of asking, another one selects those that show the name.
        """
        ways = [({"name": name}, {"name": {"$eq": name}}, {"name": {"$in": [name]}}) for name in some_of(names, 4)]
        bearers = {name: {one.id for one in self.devices if one.name == name} for name in names}
        lost = [
            all(not (self.shown(query) or set()) & bearers[name] for query in way)
            for way, name in zip(ways, some_of(names, 4), strict=True)
        ]
        return 2 * sum(lost) > len(lost) and bool(self.shown({"name": {"$ne": names[0]}}))

    def _judge_case(self, names: Sequence[str]) -> None:
        swapped = [name.swapcase() for name in names if name.isascii() and name.swapcase() not in names]
        broken = {name for name in ("$eq", "$startsWith", "$contains") if self.judgement.faulty(OF_NAME[name])}
        for name in some_of(swapped, 3):
            for operator, operand in (("$eq", name), ("$startsWith", name[:4]), ("$contains", name[1:-1] or name)):
                if operator not in broken:
                    self.require(IGNORES_CASE, [{"name": {operator: operand, "$ci": True}}])
                    self.require(MINDS_CASE, [{"name": {operator: operand, **ci}} for ci in ({}, {"$ci": False})])
            if self.shown({"name": {"$eq": name}}) == frozenset():
                self.judgement.saw(MINDS_CASE)

    def _judge_attribute_name(self) -> None:
        names = [name for device in self.devices for name in device.attributes]
        for name in some_of(sorted(set(names)), 5):
            self.require(ATTRIBUTE, [{"attributeName": name}, {"attributeName": {"$eq": name}}])
            self._judge_held("attributeName", name)
            self._judge_held("attributeName", name[:4])  # most probably nobody's name, and a beginning
        self.equal(ATTRIBUTE, {"attributeName": "robowire-none"}, frozenset(), telling=bool(names))

    def _judge_division(self, field: str) -> None:
        """$eq and $ne of a value divide the devices, whatever the field holds."""
        for value in self._plausible(field):
            if field == "ancestorId":
                self._judge_held(field, value)
            else:
                self._require_division(FIELDS[field], field, value)
        if field == "ancestorId":
            self.equal(FIELDS[field], {field: NOBODY}, frozenset())

    def _judge_held(self, field: str, value: JSON) -> None:
        """A field of which a device has several values: what $ne means of them is left open, what $eq does is not."""
        plain = self.shown({field: value})
        for query in ({field: {"$eq": value}}, *([{field: {"$in": [value]}}] if value is not None else [])):
            self.equal(FIELDS[field], query, plain, telling=bool(plain))

    def _plausible(self, field: str) -> list[JSON]:
        if field in ID_FIELDS:
            return [None, *some_of(self.ids, 4)]
        if field == "deviceClass":
            return [None, *CLASSES]
        if field == "connectionStatus":
            return [None, "connected", "disconnected"]
        return [None, LONG_AGO, 0]

    def _require_division(self, requirement: str, field: str, value: JSON) -> None:
        equal, unequal = self.shown({field: {"$eq": value}}), self.shown({field: {"$ne": value}})
        if equal is None or unequal is None:
            fault = self.ask({field: {"$eq": value}}).fault("nothing can be read of what is selected", "devices", None)
            self.judgement.fault(requirement, fault)
            return
        if equal & unequal or equal | unequal != self.way.visible:
            fault = self.ask({field: {"$ne": value}}).fault(
                f"{field} {{'$eq': {value!r}}} and $ne of it do not divide the devices",
                sorted(self.way.visible - equal),
                sorted(unequal),
            )
            self.judgement.fault(requirement, fault)
        else:
            self.equal(requirement, {field: value}, equal)

    def _judge_joins(self) -> None:
        """Joined queries select what their parts' selections give."""
        parts = self._telling_parts()
        for one, other in parts:
            first, second = self.shown(one), self.shown(other)
            if first is None or second is None:
                continue
            self.equal(AND, {"$and": [one, other]}, first & second)
            self.equal(OR, {"$or": [one, other]}, first | second)
            self.equal(NOR, {"$nor": [one, other]}, self.way.visible - first - second)
            self.equal(NOR, {"$nor": [one]}, self.way.visible - first)
            if not set(one) & set(other):
                self.equal(TOGETHER, {**one, **other}, first & second)
            self._judge_nested({"$or": [one, other]}, {"$nor": [other]})
        self._judge_operators_together()

    def _judge_nested(self, one: Query, other: Query) -> None:
        """A join of joins selects what their own selections give."""
        first, second = self.shown(one), self.shown(other)
        if first is not None and second is not None:
            self.equal(AND, {"$and": [one, other]}, first & second)

    def _telling_parts(self) -> list[tuple[Query, Query]]:
        """Pairs of queries that overlap without being alike."""
        half, third = self.ids[: len(self.ids) // 2 + 1], self.ids[len(self.ids) // 3 :]
        parts: list[tuple[Query, Query]] = [({"id": {"$in": half}}, {"id": {"$in": third}})]
        if self.names:
            parts.append(({"id": {"$in": half}}, {"name": {"$in": self.names[1:]}}))
            parts.append(({"id": self.ids[0]}, {"name": {"$ne": self.names[-1]}}))
        return parts

    def _judge_operators_together(self) -> None:
        names = self.names
        if not names:
            return
        for conditions in (
            {"$in": names[:-1], "$ne": names[0]},
            {"$gte": names[0], "$nin": names[-1:]},
            {"$contains": names[0][:1], "$ne": names[0]},
        ):
            single = [self.shown({"name": {name: operand}}) for name, operand in conditions.items()]
            if None not in single:
                first, second = (one or frozenset() for one in single)
                self.equal(OPERATORS, {"name": conditions}, first & second, telling=first != second)

    def _judge_tags(self) -> None:
        pairs = sorted({(key, value) for one in self.devices for key, values in one.tags.items() for value in values})
        keys, values = sorted({key for key, _ in pairs}), sorted({value for _, value in pairs})
        self.require(TAG_KEY, ({"tags": {"$tagKey": key}} for key in some_of(keys)))
        self.require(TAG_VALUE, ({"tags": {"$tagValue": value}} for value in some_of(values)))
        both = [*some_of(pairs), *_apart(self.devices)]
        self.require(TAG_BOTH, ({"tags": {"$tagKey": key, "$tagValue": value}} for key, value in both))
        self.require(TAG, ({"tags": {key: value}} for key, value in both))
        for key, value in some_of(pairs, 3):
            for form in ({key: value}, {"$tagKey": key}, {"$tagValue": value}):
                plain = self.shown({"tags": form})
                if plain is not None:
                    telling = frozenset() < plain < self.way.visible
                    self.equal(TAG_EQ, {"tags": {"$eq": form}}, plain, telling=telling)
                    self.equal(TAG_NE, {"tags": {"$ne": form}}, self.way.visible - plain, telling=telling)
        self._judge_lists_of_tags(pairs, keys, values)

    def _judge_lists_of_tags(
        self, pairs: Sequence[tuple[str, str]], keys: Sequence[str], values: Sequence[str]
    ) -> None:
        """Lists in place of single strings, where those select what they should."""
        if not self.judgement.faulty(TAG):
            for key in keys:
                self._judge_tag_lists(key, [value for other, value in pairs if other == key][:2])
        if not self.judgement.faulty(TAG_KEY):
            self._judge_tag_lists("$tagKey", keys[:2])
        if not self.judgement.faulty(TAG_VALUE):
            self._judge_tag_lists("$tagValue", values[:2])
        if self.judgement.faulty(TAG_IN):
            self.judgement.dismiss(TAG_NIN, reason=f"{TAG_IN}, which it needs, fails")

    def _judge_tag_lists(self, key: str, some: Sequence[str]) -> None:
        """$in and $nin under a tag's key, or in place of a key or a value."""
        single = [self.shown({"tags": {key: one}}) for one in some]
        if None in single or not some:
            return
        union = frozenset[str]().union(*(one or frozenset() for one in single))
        telling = frozenset() < union < self.way.visible
        self.equal(TAG_IN, {"tags": {key: {"$in": list(some)}}}, union, telling=telling)
        if not key.startswith("$"):
            # Of a device with values inside and outside of the list it is left open.
            self.require(TAG_NIN, [{"tags": {key: {"$nin": list(some)}}}])


def _comparisons(field: str, operator: str, values: Sequence[str]) -> Iterator[Query]:
    """Conditions that tell devices apart: the values at both ends and in the middle."""
    if operator in {"$in", "$nin"}:
        for some in ([], values[:1], values[1:], [values[-1], NOBODY]):
            yield {field: {operator: list(some)}}
        return
    for value in some_of(values, 5):
        yield {field: {operator: value}}


def _parts(operator: str, names: Sequence[str]) -> Iterator[Query]:
    for name in some_of(names, 5):
        length = max(1, len(name) // 2)
        part = {"$startsWith": name[:length], "$endsWith": name[-length:], "$contains": name[1:-1] or name}[operator]
        yield {"name": {operator: part}}
        # What holds the part elsewhere is told apart from what begins or ends with it.
        yield {"name": {operator: name[length // 2 : length // 2 + length]}}


def _apart(devices: Sequence[Known]) -> list[tuple[str, str]]:
    """A key and a value that a device carries, but not together."""
    found = [
        (key, value)
        for device in devices
        for key in device.tags
        for other, values in device.tags.items()
        for value in values
        if other != key and value not in device.tags[key]
    ]
    return found[:2]


def _nests(query: JSON, depth: int = 0) -> bool:
    """Whether a join stands within a join."""
    inner = [one for join in QUERY_JOINS if isinstance(query, dict) for one in query.get(join, ())]
    return depth > 1 if not inner else any(_nests(one, depth + 1) for one in inner)
