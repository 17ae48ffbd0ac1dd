"""The steps of the Foxglove mock: each a function that a deviation may wrap.

An operation is a step too, by its name in `operations.OPERATIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from robowire_mocks.core.answer import Answer, Refusal
from robowire_mocks.foxglove import (
    access,
    answers,
    custom_properties,
    device_query,
    device_tokens,
    devices,
    members,
    paging,
    rate,
    references,
    times,
    webhooks,
)
from robowire_mocks.foxglove.call import Call
from robowire_mocks.foxglove.device_query import Predicate
from robowire_mocks.foxglove.members import Member
from robowire_mocks.foxglove.paging import Page
from robowire_mocks.foxglove.qualifiers import Qualifier, Word
from robowire_mocks.foxglove.rows import CustomProperty, Device, DeviceToken, Value
from robowire_mocks.foxglove.store import SortKey, Store
from robowire_mocks.foxglove.world import Key

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Steps:
    """What the mock does on the way to an answer; the defaults are the honest functions."""

    # who asks, and whether at all
    admit: Callable[[Call], None] = rate.admit
    authenticate: Callable[[Call], Key] = access.authenticate
    permit: Callable[[Call, Key], None] = access.permit
    # what is asked
    body: Callable[[Call], Mapping[str, Any]] = members.body
    read: Callable[[Call, Mapping[str, Any], Iterable[Member]], Json] = members.read
    member: Callable[[Call, Member, Mapping[str, Any]], Any] = members.member
    parameters: Callable[[Call, Iterable[Member]], Json] = members.parameters
    parameter: Callable[[Call, Member], Any] = members.parameter
    moment: Callable[[Call, str, str], int] = times.moment
    device_at: Callable[[Call], Device] = references.device_at
    device_id: Callable[[Call, Mapping[str, Any]], str | None] = references.device_id
    device_name: Callable[[Call, Mapping[str, Any]], str | None] = references.device_name
    reference: Callable[[Call, Mapping[str, Any]], Device | None] = references.reference
    page: Callable[[Call, Collection[str]], Page] = paging.page
    # what is answered
    order: Callable[[Call, Store[Any], Page, Mapping[str, SortKey]], Iterable[Any]] = paging.order
    cut: Callable[[Call, Iterable[Any], Page], list[Any]] = paging.cut
    zulu: Callable[[Call, int], str] = times.zulu
    answer: Callable[[Call, Any], Answer] = answers.success
    error: Callable[[Call, Refusal], Answer] = answers.refused
    occurred: Callable[[Call, str, Json], None] = webhooks.occurred
    # custom properties
    list_custom_properties: Callable[[Call], Any] = custom_properties.list_custom_properties
    create_custom_property: Callable[[Call], Any] = custom_properties.create_custom_property
    get_custom_property: Callable[[Call], Any] = custom_properties.get_custom_property
    update_custom_property: Callable[[Call], Any] = custom_properties.update_custom_property
    delete_custom_property: Callable[[Call], Any] = custom_properties.delete_custom_property
    free_key: Callable[[Call, str], None] = custom_properties.free_key
    new_values: Callable[[Call, Json], tuple[str, ...] | None] = custom_properties.new_values
    changed_values: Callable[[Call, CustomProperty, Json], tuple[str, ...] | None] = custom_properties.changed_values
    custom_property: Callable[[Call, CustomProperty], Json] = custom_properties.custom_property
    # device tokens
    list_device_tokens: Callable[[Call], Any] = device_tokens.list_device_tokens
    create_device_token: Callable[[Call], Any] = device_tokens.create_device_token
    get_device_token: Callable[[Call], Any] = device_tokens.get_device_token
    update_device_token: Callable[[Call], Any] = device_tokens.update_device_token
    delete_device_token: Callable[[Call], Any] = device_tokens.delete_device_token
    tokens_of: Callable[[Call, str | None], list[DeviceToken]] = device_tokens.tokens_of
    device_token: Callable[[Call, DeviceToken], Json] = device_tokens.device_token
    issued: Callable[[Call, DeviceToken], Json] = device_tokens.issued
    # devices
    list_devices: Callable[[Call], Any] = devices.list_devices
    create_device: Callable[[Call], Any] = devices.create_device
    get_device: Callable[[Call], Any] = devices.get_device
    update_device: Callable[[Call], Any] = devices.update_device
    delete_device: Callable[[Call], Any] = devices.delete_device
    device_keys: Callable[[Call], Mapping[str, SortKey]] = devices.device_keys
    device_words: Callable[[Call, str], tuple[Qualifier, ...]] = device_query.device_words
    device_qualifier: Callable[[Call, Qualifier], Predicate] = device_query.device_qualifier
    device_text: Callable[[Call, str], Predicate] = device_query.device_text
    device_value: Callable[[Call, CustomProperty, Word], Callable[[Value], bool]] = device_query.device_value
    device_query: Callable[[Call, str], Predicate] = device_query.device_query  # after those of its module's name
    free_name: Callable[[Call, str, Device | None], None] = devices.free_name
    properties: Callable[[Call, Mapping[str, Any], Mapping[str, Value]], dict[str, Value]] = devices.properties
    typed: Callable[[Call, CustomProperty, Any], Value] = devices.typed
    data_of: Callable[[Call, Device], str] = devices.data_of
    device: Callable[[Call, Device], Json] = devices.device
