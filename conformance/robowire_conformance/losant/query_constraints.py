"""What an advanced device query may be: for every constraint of its schema, queries just inside of it and outside."""

from collections.abc import Mapping, Sequence

from robowire_fixtures.losant import ID_FIELDS, VALUE_FIELDS

from robowire_conformance.evidence import JSON
from robowire_conformance.losant.constraints import HEX, NO_ARRAYS, NO_BOOLEANS, NO_IDS, Constraint

Q = Mapping[str, JSON]

NO_SCALARS: tuple[JSON, ...] = ([], ["a"], {"a": 1})
SCALARS: tuple[JSON, ...] = ("a", "", 1, -0.5, True, False, None)
IDS_OR_NULL: tuple[JSON, ...] = (HEX, HEX.upper(), None)
NOT_IDS: tuple[JSON, ...] = (*(one for one in NO_IDS if one is not None), [HEX], True)
NO_FRAGMENTS: tuple[JSON, ...] = ("", 1, True, None, ["a"])
COMPARISONS = ("$eq", "$ne", "$gt", "$lt", "$gte", "$lte")
LISTS = ("$in", "$nin")
LONG, TOO_LONG = "t" * 255, "t" * 256


def _constraint(number: int, keep: Sequence[Q], break_: Sequence[Q]) -> Constraint:
    return Constraint(
        number, tuple({"deviceQuery": query} for query in keep), tuple({"deviceQuery": query} for query in break_)
    )


def _of_field(number: int, field: str, keep: Sequence[JSON], break_: Sequence[JSON]) -> Constraint:
    return _constraint(number, [{field: value} for value in keep], [{field: value} for value in break_])


def of_device_query() -> tuple[Constraint, ...]:
    """The constraints of section "Schemas / Advanced Device Query", by the numbers of their requirements."""
    return (*_frame(), *_fields(), *_id_operators(), *_value_operators(), *_tags())


def _frame() -> tuple[Constraint, ...]:
    everything = {**dict.fromkeys(ID_FIELDS, HEX), **dict.fromkeys(VALUE_FIELDS, "a"), "tags": {"a": "b"}}
    joined = {"$and": [{"id": HEX}], "$or": [{"name": "a"}], "$nor": [{"name": "b"}]}
    unknown: tuple[Q, ...] = (
        {"colour": "a"},
        {"Name": "a"},
        {"$and": [{"colour": "a"}]},
        {"$or": [{"$nor": [{"$not": {}}]}]},
    )
    deep: Q = {"name": "a"}
    for name in ("$and", "$or", "$nor") * 3:
        deep = {name: [deep, {"id": HEX}]}
    lists = (
        _of_field(
            number, name, [[{"name": "a"}] * 100, [{}], []], [[{"name": "a"}] * 101, *NO_ARRAYS, ["a"], [None], [[]]]
        )
        for number, name in ((2, "$and"), (3, "$or"), (4, "$nor"))
    )
    return (_constraint(1, [{**everything, **joined}], unknown), *lists, _constraint(5, [deep], []))


def _fields() -> tuple[Constraint, ...]:
    ids = (_of_field(number, name, [*IDS_OR_NULL, {"$eq": HEX}], NOT_IDS) for number, name in enumerate(ID_FIELDS, 11))
    values = (
        _of_field(number, name, [*SCALARS, {"$eq": "a"}], [[], ["a"]]) for number, name in enumerate(VALUE_FIELDS, 21)
    )
    tags = _of_field(
        31, "tags", [None, {"a": "b"}, {"$eq": {"a": "b"}}, {"$ne": {"a": "b"}}], ["a", 1, True, [], [{"a": "b"}]]
    )
    return (*ids, *values, tags)


def _id_operators() -> tuple[Constraint, ...]:
    twice = {"$gt": HEX, "$lt": HEX}
    single = tuple(
        _of_every_field(number, ID_FIELDS, name, IDS_OR_NULL, NOT_IDS)
        for number, name in enumerate(COMPARISONS, start=103)
    )
    sizes: list[JSON] = [[], [HEX], [HEX] * 100]
    lists = tuple(
        _of_every_field(number, ID_FIELDS, name, sizes, [[HEX] * 101, [None], ["a"], [1], HEX, None, {}])
        for number, name in enumerate(LISTS, start=109)
    )
    others = ("$startsWith", "$endsWith", "$contains", "$ci", "$exists", "eq")
    return (
        _of_field(101, "id", [{"$ne": HEX}], [{}, twice]),
        _constraint(
            102,
            [{"id": {name: HEX}} for name in COMPARISONS],
            [*({"id": {name: HEX}} for name in others), *({field: {"$exists": True}} for field in ID_FIELDS)],
        ),
        *single,
        *lists,
    )


def _value_operators() -> tuple[Constraint, ...]:
    texts: dict[str, JSON] = dict.fromkeys(("$startsWith", "$endsWith", "$contains"), "a")
    whole = {**dict.fromkeys(COMPARISONS, "a"), **texts, "$ci": True, "$in": ["a"], "$nin": ["b"]}
    unknown: tuple[Q, ...] = ({"$regex": "a"}, {"eq": "a"}, {**whole, "x": 1})
    compared = tuple(
        _of_every_field(number, VALUE_FIELDS, name, SCALARS, NO_SCALARS) for number, name in enumerate(COMPARISONS, 122)
    )
    parts = tuple(
        _of_every_field(number, VALUE_FIELDS, name, ["a", "ä b"], NO_FRAGMENTS)
        for number, name in enumerate(texts, 128)
    )
    no_lists: list[JSON] = [["a"] * 101, [None], [["a"]], [{}], "a", None, {}]
    lists = tuple(
        _of_every_field(number, VALUE_FIELDS, name, [["a", 1, True], [], ["a"] * 100], no_lists)
        for number, name in enumerate(LISTS, start=132)
    )
    ci = _constraint(
        131,
        [{"name": {"$eq": "a", "$ci": value}} for value in (True, False)],
        [{"name": {"$eq": "a", "$ci": value}} for value in NO_BOOLEANS],
    )
    return (
        _constraint(
            121,
            [{"name": whole}, {"name": {}}],
            [*({"name": one} for one in unknown), *({field: {"$exists": True}} for field in VALUE_FIELDS)],
        ),
        *compared,
        *parts,
        ci,
        *lists,
    )


def _of_every_field(
    number: int, fields: Sequence[str], name: str, keep: Sequence[JSON], break_: Sequence[JSON]
) -> Constraint:
    """An operator, which is the same under each of the fields: kept by all at once, and broken under one by one."""
    everywhere = [{"$or": [{field: {name: value}} for field in fields]} for value in keep]
    somewhere = [{fields[-1 - index % len(fields)]: {name: value}} for index, value in enumerate(break_)]
    first = [{fields[0]: {name: value}} for value in break_]
    return _constraint(number, everywhere, [*first, *somewhere])


def _of_operator(number: int, field: str, name: str, keep: Sequence[JSON], break_: Sequence[JSON]) -> Constraint:
    return _of_field(number, field, [{name: value} for value in keep], [{name: value} for value in break_])


TEXTS: tuple[JSON, ...] = ("a", "", LONG, None, {"$in": ["a"]}, {"$nin": ["a"]})
NO_TEXTS: tuple[JSON, ...] = (TOO_LONG, 1, True, ["a"], {}, {"$in": ["a"], "$nin": ["b"]}, {"$eq": "a"})


def _tags() -> tuple[Constraint, ...]:
    forms: list[JSON] = [None, {"a": "b"}, {"$tagKey": "a", "$tagValue": "b"}, {}]
    mixtures: list[JSON] = [{"$tagKey": "a", "b": "c"}, {"$tagName": "a"}, {"ä": "b"}, {" a": "b"}]
    members: list[JSON] = [{"$tagKey": "a"}, {"$tagValue": "b"}, {"a": "b", "c": "d"}, {"a b": "c"}, {}]
    beside: list[JSON] = [{"$eq": None, "$ne": None}, {"$eq": {"a": "b"}, "c": "d"}, {"$eq": "a"}, {"$ne": ["a"]}]
    compared = [{name: form} for name in ("$eq", "$ne") for form in forms]
    return (
        *(
            _of_operator(number, "tags", name, TEXTS, NO_TEXTS)
            for number, name in ((141, "$tagKey"), (142, "$tagValue"), (143, "a_-9"))
        ),
        _of_field(144, "tags", members, mixtures),
        _of_field(145, "tags", compared, beside),
        *(_of_operator(number, "tags", "a", *_list(name)) for number, name in ((146, "$in"), (147, "$nin"))),
    )


def _list(name: str) -> tuple[list[JSON], list[JSON]]:
    keep: list[JSON] = [{name: texts} for texts in ([], ["a"], ["a"] * 100, [LONG])]
    break_: tuple[JSON, ...] = (["a"] * 101, [TOO_LONG], [None], [1], "a", None, {})
    return keep, [{name: texts} for texts in break_]
