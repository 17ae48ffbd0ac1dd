"""The query of events, compiled to a predicate of their metadata (section "List events")."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from robowire_mocks.foxglove import qualifiers
from robowire_mocks.foxglove.errors import BadRequest

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.qualifiers import Qualifier, Word

Metadata: TypeAlias = Mapping[str, str]
Predicate: TypeAlias = Callable[[Metadata], bool]


def event_query(call: Call, text: str) -> Predicate:
    """What is true of the metadata that a query selects.

    Raises:
        BadRequest: The text is no query.
    """
    # FOXGLOVE-EVENTS-127, FOXGLOVE-EVENTS-129: all of them
    conditions = [call.steps.event_qualifier(call, qualifier) for qualifier in call.steps.event_words(call, text)]
    return lambda metadata: all(condition(metadata) for condition in conditions)


def event_words(call: Call, text: str) -> tuple[Qualifier, ...]:  # noqa: ARG001  # a step gets the call
    """The qualifiers of a query, split at its spaces.

    Raises:
        BadRequest: The text is no query.
    """
    try:
        return qualifiers.parse(text)  # FOXGLOVE-EVENTS-128
    except qualifiers.QueryMalformed as error:
        raise BadRequest(f"query: {error}") from error


def event_qualifier(call: Call, qualifier: Qualifier) -> Predicate:  # noqa: ARG001  # as above
    """What is true of the metadata that meet one qualifier; texts are compared as they are written, case included."""
    if qualifier.key is None:
        return _text_anywhere(qualifier.values[0].text)
    return _key_with_value(qualifier.key, qualifier.values)


def _text_anywhere(text: str) -> Predicate:
    # FOXGLOVE-EVENTS-125, FOXGLOVE-EVENTS-126
    return lambda metadata: any(text in key or text in value for key, value in metadata.items())


def _key_with_value(key: Word, values: tuple[Word, ...]) -> Predicate:
    # FOXGLOVE-EVENTS-121, FOXGLOVE-EVENTS-122; None: FOXGLOVE-EVENTS-123
    wanted = None if any(value.anything for value in values) else frozenset(value.text for value in values)
    if key.anything:  # FOXGLOVE-EVENTS-124
        return lambda metadata: any(wanted is None or value in wanted for value in metadata.values())
    return lambda metadata: key.text in metadata and (wanted is None or metadata[key.text] in wanted)
