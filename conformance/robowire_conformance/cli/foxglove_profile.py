"""What the owner of a Foxglove world would tell the suite about it: the table of a target profile."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from robowire_mocks.foxglove.world import Key, RecordingEntry, SiteEntry, World

PAGED = 51
"""How many items the suite makes to see what a list holds without a limit; all of `detect` waits for them."""

PATIENCE_S = 10
"""How long the suite waits for an import of the mock, which takes a small part of a second."""


def target_profile(world: "World") -> dict[str, Any]:
    """The values of `[foxglove]` in a target profile, but for the URL."""
    gone = {site.id for site in world.site if site.deleted}
    values = {
        "token": next(one.key for one in _keys(world, "active") if "*" in one.capabilities),
        "limited_tokens": [
            {"token": one.key, "capabilities": list(one.capabilities)}
            for one in _keys(world, "active")
            if "*" not in one.capabilities
        ],
        "revoked_token": next((one.key for one in _keys(world, "revoked")), None),
        "disabled_token": next((one.key for one in _keys(world, "disabled")), None),
        "rate_limited_token": next((one.key for one in world.key if one.requests_per_second), None),
        "device_with_data": next((one.device for one in world.recording if one.device), None),
        "hosted_site_id": next((one.id for one in world.site if one.type == "foxglove-hosted"), None),
        "self_hosted_site_id": next((one.id for one in world.site if one.type == "self-hosted" and one.url), None),
        "edge_recording_id": next((one.id for one in world.recording if _at_the_edge_only(one)), None),
        "edge_recording_without_copy_id": next((one.id for one in world.recording if not one.edge_copy), None),
        "edge_recording_without_site_id": next((one.id for one in world.recording if one.edge_site in gone), None),
        "disposable_site_id": next((one.id for one in world.site if _disposable(one, world)), None),
        "agent_recording_id": next((one.id for one in world.recording if _with_an_agent(one)), None),
        "personal_layout_id": next((one.id for one in world.layout if one.permission == "CREATOR_WRITE"), None),
        "webhook_target": "http://127.0.0.1:0/",
        "paging_items": PAGED,
        "import_patience_s": PATIENCE_S,
        "inbox_s3": "/s3/inbox/{name}",
        "inbox_azure": "/azure/robowire/inbox/{name}",
        "inbox_google": "/gcs/inbox/{name}",
    }
    return {name: value for name, value in values.items() if value is not None}


def _at_the_edge_only(recording: "RecordingEntry") -> bool:
    """Whether a recording is at an edge site, and has not been imported."""
    return recording.edge_site is not None and recording.import_status == "none"


def _disposable(site: "SiteEntry", world: "World") -> bool:
    """Whether nothing of an edge site is imported, or lost, so that its retention can be seen by two recordings."""
    stored = [one for one in world.recording if one.edge_site == site.id]
    return not site.deleted and len(stored) > 1 and all(_at_the_edge_only(one) and one.edge_copy for one in stored)


def _with_an_agent(recording: "RecordingEntry") -> bool:
    """Whether a recording is still on its robot."""
    return recording.edge_site is None and recording.site is None and recording.import_status == "none"


def _keys(world: "World", state: str) -> "Iterator[Key]":
    """The keys in a state that are not held to a rate of their own."""
    return (one for one in world.key if one.state == state and not one.requests_per_second)
