"""The advanced device query, compiled to a predicate of devices (section "Devices Data Export Schema" and its like).

The document gives the schema of a query and not what it means; where that leaves a choice, it is MongoDB's, whose
operators these are: `$ne` and `$nin` are true of what is missing, an order exists only within one type, and of a
field with several values (`attributeName`, `ancestorId`) one that fits is enough.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from robowire_fixtures.losant import QUERY_JOINS
from robowire_generators.telemetry import Device

from robowire_mocks.losant.fields import Value, values_of
from robowire_mocks.losant.operators import OPERATORS, comparable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from robowire_mocks.losant.call import Call

Predicate: TypeAlias = Callable[[Device], bool]


def compile_query(call: Call, query: Mapping[str, Any]) -> Predicate:
    """What is true of the devices that meet all members of a query."""
    # LOSANT-QUERY-204
    conditions = [
        # LOSANT-QUERY-005: a join within a join is a member like any other
        call.steps.join(call, name, member)
        if name in QUERY_JOINS
        else call.steps.tags(call, member)
        if name == "tags"
        else call.steps.field(call, name, member)
        for name, member in query.items()
    ]
    return lambda device: all(condition(device) for condition in conditions)


def join(call: Call, name: str, queries: Sequence[Mapping[str, Any]]) -> Predicate:
    """All, some or none of several queries; of no queries all are met, and none is."""
    parts = [call.steps.compile(call, query) for query in queries]
    if name == "$and":
        return lambda device: all(part(device) for part in parts)  # LOSANT-QUERY-201
    if name == "$or":
        return lambda device: any(part(device) for part in parts)  # LOSANT-QUERY-202
    return lambda device: not any(part(device) for part in parts)  # LOSANT-QUERY-203


def field(call: Call, name: str, condition: Any) -> Predicate:  # a value or an object of operators
    """What is true of the devices whose field meets every operator."""
    operators = condition if isinstance(condition, dict) else {"$eq": condition}
    # LOSANT-QUERY-252, LOSANT-QUERY-253
    ignore_case = bool(operators.get("$ci", False))
    tests = [
        call.steps.operator(call, name, operator, operand, ignore_case)
        for operator, operand in operators.items()
        if operator != "$ci"
    ]
    # LOSANT-QUERY-211 to LOSANT-QUERY-225
    # LOSANT-QUERY-254
    return lambda device: all(test(values_of(call.found, device, name)) for test in tests)


def operator(
    call: Call,  # noqa: ARG001  # a step gets the call
    name: str,
    symbol: str,
    operand: Any,  # what the schema allows for the operator
    ignore_case: bool,  # noqa: FBT001  # `$ci`
) -> Callable[[Sequence[Value]], bool]:
    """What is true of the values of the field `name` that meet an operator."""
    # LOSANT-QUERY-231 to LOSANT-QUERY-238, LOSANT-QUERY-241 to LOSANT-QUERY-251
    test = OPERATORS[symbol]
    wanted = comparable(name, operand, ignore_case=ignore_case)
    return lambda values: test([comparable(name, value, ignore_case=ignore_case) for value in values], wanted)
