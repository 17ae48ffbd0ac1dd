"""The steps of the Bags mock: each a function that a deviation may wrap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from robowire_generators.recipe import BagRecipe

from robowire_mocks.bags import listing, player, query, recorder, refusals
from robowire_mocks.bags.call import Call
from robowire_mocks.bags.folder import StoredBag
from robowire_mocks.bags.query import TimeRange
from robowire_mocks.core.answer import Answer, Refusal
from robowire_mocks.formats.rosbag1 import Bag, Message

Json: TypeAlias = dict[str, Any]


def find(call: Call) -> StoredBag:
    """The stored bag that the path of `call` names; raises BagNotFound."""
    return call.storage.find(call.filename)


def open_bag(call: Call) -> Bag:
    """The bag that `call` found, opened; raises BagCorrupted."""
    assert call.stored is not None
    return call.storage.open(call.stored)


@dataclass(frozen=True, slots=True)
class Steps:
    """What the mock does on the way to an answer; the defaults are the honest functions."""

    list: Callable[[Call], Answer] = listing.bag_list
    entry: Callable[[Call, StoredBag], Json] = listing.entry
    download: Callable[[Call], Answer] = listing.download
    find: Callable[[Call], StoredBag] = find
    open: Callable[[Call], Bag] = open_bag
    range: Callable[[Call], TimeRange | None] = query.time_range
    metadata: Callable[[Call], Answer] = player.metadata
    chunk: Callable[[Call], Answer] = player.chunk
    within: Callable[[Call], Iterator[Message]] = player.within
    backfill: Callable[[Call], Sequence[Message]] = player.backfill
    latched: Callable[[Call, str], bool] = player.latched
    message: Callable[[Call, Message], Json] = player.message
    fields: Callable[[Call, Message], Json] = player.fields
    error: Callable[[Call, Refusal], Answer] = refusals.answer
    recording: Callable[[int, float], BagRecipe | None] = recorder.recording
    victims: Callable[[Sequence[StoredBag], int], Sequence[StoredBag]] = recorder.victims
