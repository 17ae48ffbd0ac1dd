"""The deviations of the Foxglove API, one module per page of its document or matter that pages share."""

from robowire_mocks.deviations.foxglove import (  # noqa: F401  # each module registers its own
    access,
    attachments,
    coverage,
    custom_properties,
    custom_property_creations,
    custom_property_edits,
    device_creations,
    device_queries,
    device_sorts,
    device_tokens,
    device_updates,
    devices,
    event_bodies,
    event_lists,
    event_queries,
    events,
    extension_versions,
    extensions,
    general,
    lake_files,
    layouts,
    paging,
    property_values,
    site_bodies,
    site_tokens,
    sites,
    stream_links,
    streams,
    times,
    topics,
    webhooks,
)
from robowire_mocks.deviations.foxglove.registry import FOXGLOVE

DEVIATIONS = FOXGLOVE.all()
