"""Layouts of the organisation (section "List layouts"); they come from the world, for nothing in the API makes them.

The document does not say how to tell a personal layout. As the vendor's applications do, the mock takes for personal
what only its creator may write: the permission CREATOR_WRITE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.foxglove.members import Kind, Member

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Layout

PERSONAL: str = "CREATOR_WRITE"
"""The permission of personal layouts."""

_FILTERS = (Member("updatedSince", Kind.MOMENT), Member("includeData", Kind.BOOLEAN))  # FOXGLOVE-LAYOUTS-105


def list_layouts(call: Call) -> list[dict[str, Any]]:
    """The layouts that are shared with the organisation."""
    # FOXGLOVE-LAYOUTS-001
    asked = call.steps.parameters(call, _FILTERS)
    listed = [layout for layout in call.state.layouts if call.steps.layout_listed(call, layout, asked)]
    # FOXGLOVE-LAYOUTS-102, FOXGLOVE-LAYOUTS-103, FOXGLOVE-LAYOUTS-104
    with_data = asked.get("includeData", True)
    return [call.steps.layout(call, layout, with_data) for layout in listed]


def layout_listed(call: Call, layout: Layout, asked: Mapping[str, Any]) -> bool:  # noqa: ARG001  # a step gets the call
    """Whether a layout is shared, and was updated at `updatedSince` or later."""
    # FOXGLOVE-LAYOUTS-101
    # FOXGLOVE-LAYOUTS-301
    return layout.permission != PERSONAL and layout.updated_at >= asked.get("updatedSince", layout.updated_at)


def layout(call: Call, layout: Layout, with_data: bool) -> dict[str, Any]:  # noqa: FBT001  # as a step is called
    """A layout as the list shows it."""
    shown: dict[str, Any] = {
        "id": layout.id,  # FOXGLOVE-LAYOUTS-201
        "name": layout.name,  # FOXGLOVE-LAYOUTS-202
        "createdAt": call.steps.zulu(call, layout.created_at),  # FOXGLOVE-LAYOUTS-203
        "updatedAt": call.steps.zulu(call, layout.updated_at),  # FOXGLOVE-LAYOUTS-204
        "permission": layout.permission,  # FOXGLOVE-LAYOUTS-207
    }
    if layout.saved_at is not None:
        shown["savedAt"] = call.steps.zulu(call, layout.saved_at)  # FOXGLOVE-LAYOUTS-205
    if layout.folder_name is not None:
        shown["folderName"] = layout.folder_name  # FOXGLOVE-LAYOUTS-206
    if with_data and layout.data is not None:
        shown["data"] = layout.data  # FOXGLOVE-LAYOUTS-208
    return shown
