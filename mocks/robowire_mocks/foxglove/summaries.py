"""The short forms in which other resources show a device or a site (schemas DeviceSummary and SiteSummary)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Device, Site


def device_summary(call: Call, device: Device) -> dict[str, Any]:  # noqa: ARG001  # a step gets the call
    """A device's id and name."""
    return {"id": device.id, "name": device.name}  # FOXGLOVE-DEVICES-221, FOXGLOVE-DEVICES-222


def site_summary(call: Call, site: Site) -> dict[str, Any]:  # noqa: ARG001  # as above
    """A site's id and name."""
    return {"id": site.id, "name": site.name}  # FOXGLOVE-SITES-221, FOXGLOVE-SITES-222
