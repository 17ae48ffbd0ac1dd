"""The steps of the Foxglove mock: each a function that a deviation may wrap.

An operation is a step too, by its name in `operations.OPERATIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from robowire_mocks.core.answer import Answer, Refusal
from robowire_mocks.core.calling import Caller
from robowire_mocks.foxglove import (
    access,
    answers,
    attachments,
    coverage,
    custom_properties,
    device_query,
    device_tokens,
    devices,
    event_query,
    events,
    extensions,
    importing,
    imports,
    inbox,
    lake_files,
    layouts,
    links,
    members,
    paging,
    pending_imports,
    rate,
    recordings,
    references,
    retention,
    site_tokens,
    sites,
    streams,
    summaries,
    times,
    topics,
    uploads,
    webhooks,
)
from robowire_mocks.foxglove.attached import Attachment
from robowire_mocks.foxglove.call import Call
from robowire_mocks.foxglove.contents import Content, Trouble
from robowire_mocks.foxglove.coverage_ranges import Group, Range
from robowire_mocks.foxglove.device_query import Predicate
from robowire_mocks.foxglove.event_query import Metadata
from robowire_mocks.foxglove.events import Condition
from robowire_mocks.foxglove.files import StoredFile
from robowire_mocks.foxglove.foxe import Package
from robowire_mocks.foxglove.importing import Arrival
from robowire_mocks.foxglove.members import Member
from robowire_mocks.foxglove.paging import Page, Rows
from robowire_mocks.foxglove.qualifiers import Qualifier, Word
from robowire_mocks.foxglove.rows import (
    CustomProperty,
    Device,
    DeviceToken,
    Event,
    Extension,
    Layout,
    PendingImport,
    Recording,
    Site,
    SiteToken,
    Upload,
    Value,
    Webhook,
)
from robowire_mocks.foxglove.store import SortKey, Store
from robowire_mocks.foxglove.streaming import StreamRequest
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
    order: Callable[[Call, Store[Any] | Rows, Page, Mapping[str, SortKey]], Iterable[Any]] = paging.order
    cut: Callable[[Call, Iterable[Any], Page], list[Any]] = paging.cut
    zulu: Callable[[Call, int], str] = times.zulu
    answer: Callable[[Call, Any], Answer] = answers.success
    error: Callable[[Call, Refusal], Answer] = answers.refused
    # custom properties
    list_custom_properties: Callable[[Call], Any] = custom_properties.list_custom_properties
    create_custom_property: Callable[[Call], Any] = custom_properties.create_custom_property
    get_custom_property: Callable[[Call], Any] = custom_properties.get_custom_property
    update_custom_property: Callable[[Call], Any] = custom_properties.update_custom_property
    delete_custom_property: Callable[[Call], Any] = custom_properties.delete_custom_property
    custom_property_at: Callable[[Call], CustomProperty] = custom_properties.custom_property_at
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
    device_token_at: Callable[[Call], DeviceToken] = device_tokens.device_token_at
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
    device_summary: Callable[[Call, Device], Json] = summaries.device_summary
    # events
    list_events: Callable[[Call], Any] = events.list_events
    create_event: Callable[[Call], Any] = events.create_event
    get_event: Callable[[Call], Any] = events.get_event
    delete_event: Callable[[Call], Any] = events.delete_event
    update_event: Callable[[Call], Any] = events.update_event
    event_at: Callable[[Call], Event] = events.event_at
    event_keys: Callable[[Call], Mapping[str, SortKey]] = events.event_keys
    event_conditions: Callable[[Call, Mapping[str, Any]], list[Condition]] = events.event_conditions
    event_condition: Callable[[Call, str, Any], Condition] = events.event_condition
    event_device: Callable[[Call, Mapping[str, Any]], Condition] = events.event_device
    event_words: Callable[[Call, str], tuple[Qualifier, ...]] = event_query.event_words
    event_qualifier: Callable[[Call, Qualifier], Callable[[Metadata], bool]] = event_query.event_qualifier
    event_query: Callable[[Call, str], Callable[[Metadata], bool]] = event_query.event_query  # after the others of its
    event_change: Callable[[Call, Event, Mapping[str, Any]], Event] = events.event_change
    event: Callable[[Call, Event], Json] = events.event
    # site tokens
    list_site_tokens: Callable[[Call], Any] = site_tokens.list_site_tokens
    create_site_token: Callable[[Call], Any] = site_tokens.create_site_token
    delete_site_token: Callable[[Call], Any] = site_tokens.delete_site_token
    tokens_at: Callable[[Call, str | None], list[SiteToken]] = site_tokens.tokens_at
    token_site: Callable[[Call, str], Site] = site_tokens.token_site
    site_token: Callable[[Call, SiteToken], Json] = site_tokens.site_token
    # sites
    list_sites: Callable[[Call], Any] = sites.list_sites
    create_site: Callable[[Call], Any] = sites.create_site
    get_site: Callable[[Call], Any] = sites.get_site
    update_site: Callable[[Call], Any] = sites.update_site
    delete_site: Callable[[Call], Any] = sites.delete_site
    site_at: Callable[[Call], Site] = sites.site_at
    site_allows: Callable[[Call, Site, Mapping[str, Any]], None] = sites.site_allows
    site_change: Callable[[Call, Site, Mapping[str, Any]], Site] = sites.site_change
    site: Callable[[Call, Site], Json] = sites.site
    site_summary: Callable[[Call, Site], Json] = summaries.site_summary
    # coverage
    list_coverage: Callable[[Call], Any] = coverage.list_coverage
    coverage_keys: Callable[[Call], Mapping[str, SortKey]] = coverage.coverage_keys
    with_edge: Callable[[Call, Mapping[str, Any]], bool] = coverage.with_edge
    coverage_groups: Callable[[Call, Mapping[str, Any]], Iterable[Group]] = coverage.coverage_groups
    coverage_ranges: Callable[[Call, Iterable[Group], Mapping[str, Any]], Iterable[Range]] = coverage.coverage_ranges
    coverage_range: Callable[[Call, Range, bool], Json] = coverage.coverage_range
    # lake files
    list_lake_files: Callable[[Call], Any] = lake_files.list_lake_files
    lake_request: Callable[[Call, Mapping[str, Any]], None] = lake_files.lake_request
    lake_site: Callable[[Call, Mapping[str, Any]], None] = lake_files.lake_site
    lake_recordings: Callable[[Call, Mapping[str, Any]], list[Recording]] = lake_files.lake_recordings
    lake_objects: Callable[[Call, Recording], Iterable[tuple[str, list[str]]]] = lake_files.lake_objects
    # attachments
    list_attachments: Callable[[Call], Any] = attachments.list_attachments
    get_attachment: Callable[[Call], Any] = attachments.get_attachment
    download_attachment: Callable[[Call], Any] = attachments.download_attachment
    attachment_keys: Callable[[Call], Mapping[str, SortKey]] = attachments.attachment_keys
    attachment_recordings: Callable[[Call, Mapping[str, Any]], list[Recording]] = attachments.attachment_recordings
    attachments_of: Callable[[Call, Iterable[Recording]], Iterable[Attachment]] = attachments.attachments_of
    attachment_at: Callable[[Call], Attachment] = attachments.attachment_at
    attachment_link: Callable[[Call, Attachment], str] = attachments.attachment_link
    attachment: Callable[[Call, Attachment], Json] = attachments.attachment
    attachment_content: Callable[[Call], Iterator[bytes]] = attachments.attachment_content
    # streams
    stream_data: Callable[[Call], Any] = streams.stream_data
    stream_rules: Callable[[Call, Mapping[str, Any]], None] = streams.stream_rules
    stream_recordings: Callable[[Call, Mapping[str, Any]], list[Recording]] = streams.stream_recordings
    stream_formats: Callable[[Call, Mapping[str, Any], list[Recording]], None] = streams.stream_formats
    stream_request: Callable[[Call, Mapping[str, Any], list[Recording]], StreamRequest] = streams.stream_request
    stream_link: Callable[[Call, StreamRequest], str] = streams.stream_link
    stream_at: Callable[[Call], StreamRequest] = streams.stream_at
    stream_pieces: Callable[[Call, StreamRequest], Iterator[bytes]] = streams.stream_pieces
    download: Callable[[Call, Iterator[bytes]], links.Download] = links.download
    # topics
    list_topics: Callable[[Call], Any] = topics.list_topics
    topic_keys: Callable[[Call], Mapping[str, SortKey]] = topics.topic_keys
    with_schemas: Callable[[Call, Mapping[str, Any]], bool] = topics.with_schemas
    topic_recordings: Callable[[Call, Mapping[str, Any]], list[Recording]] = topics.topic_recordings
    topics_of: Callable[[Call, Iterable[Recording]], list[topics.Topic]] = topics.topics_of
    topic: Callable[[Call, topics.Topic, bool], Json] = topics.topic
    # extensions
    publish_extension: Callable[[Call], Any] = extensions.publish_extension
    list_extensions: Callable[[Call], Any] = extensions.list_extensions
    get_extension: Callable[[Call], Any] = extensions.get_extension
    delete_extension: Callable[[Call], Any] = extensions.delete_extension
    extension_at: Callable[[Call], Extension] = extensions.extension_at
    media_type: Callable[[Call], None] = extensions.media_type
    package: Callable[[Call, bytes], Package] = extensions.package
    same_extension: Callable[[Call, Package], Extension | None] = extensions.same_extension
    new_version: Callable[[Call, Extension, Package], None] = extensions.new_version
    published: Callable[[Call, Extension | None, Package], Extension] = extensions.published
    extension: Callable[[Call, Extension], Json] = extensions.extension
    # layouts
    list_layouts: Callable[[Call], Any] = layouts.list_layouts
    layout_listed: Callable[[Call, Layout, Mapping[str, Any]], bool] = layouts.layout_listed
    layout: Callable[[Call, Layout, bool], Json] = layouts.layout
    # uploads
    upload_data: Callable[[Call], Any] = uploads.upload_data
    upload_site: Callable[[Call], Site] = uploads.upload_site
    new_upload: Callable[[Call, Json], Upload] = uploads.new_upload
    upload_link: Callable[[Call, Upload], str] = uploads.upload_link
    upload_at: Callable[[Call], Upload] = uploads.upload_at
    upload_came: Callable[[Call, Upload, StoredFile], Answer] = uploads.upload_came
    inbox_site: Callable[[Call, str], Site] = inbox.inbox_site
    object_metadata: Callable[[Call, Mapping[str, str]], dict[str, str]] = inbox.object_metadata
    object_came: Callable[[Call, str, str, Mapping[str, str], StoredFile], None] = inbox.object_came
    came_before: Callable[[Call, str], bool] = inbox.came_before
    # what becomes of files
    arrived: Callable[[Call, Arrival], PendingImport] = importing.arrived
    opened: Callable[[Call, Path], Content | Trouble] = importing.opened
    verified: Callable[[Call, Path], Content | Trouble] = importing.verified
    own_metadata: Callable[[Call, Content], Mapping[str, str]] = importing.own_metadata
    import_begun: Callable[[Call, Recording], Recording] = importing.import_begun
    import_device: Callable[[Call, PendingImport, Content], Device | None] = importing.import_device
    import_key: Callable[[Call, PendingImport, Content], str | None] = importing.import_key
    same_recording: Callable[[Call, PendingImport], Recording | None] = importing.same_recording
    new_recording: Callable[[Call, PendingImport, Content], Recording] = importing.new_recording
    import_repeated: Callable[[Call, PendingImport, Recording], None] = importing.import_repeated
    imported: Callable[[Call, PendingImport, Recording], Recording] = importing.imported
    import_failed: Callable[[Call, PendingImport, Trouble], None] = importing.import_failed
    import_stage: Callable[[Call, PendingImport, str], PendingImport] = importing.import_stage
    # pending imports
    list_pending_imports: Callable[[Call], Any] = pending_imports.list_pending_imports
    pending_keys: Callable[[Call], Mapping[str, SortKey]] = pending_imports.pending_keys
    pending_conditions: Callable[[Call, Mapping[str, Any]], list[pending_imports.Condition]] = (
        pending_imports.pending_conditions
    )
    pending_condition: Callable[[Call, str, Any], pending_imports.Condition] = pending_imports.pending_condition
    pending_device: Callable[[Call, Mapping[str, Any]], pending_imports.Condition] = pending_imports.pending_device
    pending_import: Callable[[Call, PendingImport], Json] = pending_imports.pending_import
    # recordings
    list_recordings: Callable[[Call], Any] = recordings.list_recordings
    get_recording: Callable[[Call], Any] = recordings.get_recording
    delete_recording: Callable[[Call], Any] = recordings.delete_recording
    import_recording: Callable[[Call], Any] = recordings.import_recording
    recording_at: Callable[[Call], Recording] = recordings.recording_at
    recordings_of: Callable[[Call, Mapping[str, Any]], list[Recording]] = recordings.recordings_of
    recording_keys: Callable[[Call], Mapping[str, SortKey]] = recordings.recording_keys
    recording_conditions: Callable[[Call, Mapping[str, Any]], list[recordings.Condition]] = (
        recordings.recording_conditions
    )
    recording_condition: Callable[[Call, str, Any], recordings.Condition] = recordings.recording_condition
    recording_device: Callable[[Call, Mapping[str, Any]], recordings.Condition] = recordings.recording_device
    kept_until: Callable[[Call, Site, Recording], int | None] = retention.kept_until
    recording_deleted: Callable[[Call, Recording], None] = recordings.recording_deleted
    import_asked: Callable[[Call, Recording], Recording] = recordings.import_asked
    import_site: Callable[[Call, Recording], Site] = recordings.import_site
    recording: Callable[[Call, Recording], Json] = recordings.recording
    # imports, as deprecated pages have them
    list_imports: Callable[[Call], Any] = imports.list_imports
    delete_imports: Callable[[Call], Any] = imports.delete_imports
    delete_import: Callable[[Call], Any] = imports.delete_import
    is_import: Callable[[Call, Recording], bool] = imports.is_import
    import_ids: Callable[[Call], Sequence[str]] = imports.import_ids
    import_with: Callable[[Call, str], Recording | None] = imports.import_with
    same_site: Callable[[Call, Sequence[Recording]], None] = imports.same_site
    import_result: Callable[[Call, str, Recording | None], Mapping[str, str]] = imports.import_result
    import_deleted: Callable[[Call, Recording], None] = imports.import_deleted
    import_keys: Callable[[Call], Mapping[str, SortKey]] = imports.import_keys
    import_condition: Callable[[Call, str, Any], imports.Condition] = imports.import_condition
    listed_import: Callable[[Call, Recording], Json] = imports.listed_import
    # webhooks
    occurred: Callable[[Call, str, Json], None] = webhooks.occurred
    notify: Callable[[Call, Iterable[Webhook], str, Json], None] = webhooks.notify
    notice: Callable[[Call, str, Json], Json] = webhooks.notice
    payload: Callable[[Call, Webhook, Json, int], Json] = webhooks.payload
    post: Callable[[Call, Caller, str, Json], int | str] = webhooks.post
    recording_payload: Callable[[Call, Recording], Json] = webhooks.recording_payload
