"""Layouts are listed as the world has them."""

from typing import Any

import pytest

MOMENTS = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00.000000001Z"]
LAYOUTS = [
    {"id": "lay_1", "name": "one", "created_at": MOMENTS[0], "data": '{"layout": "3D"}'},
    {
        "id": "lay_2",
        "name": "two",
        "permission": "ORG_WRITE",
        "folder_name": "folder",
        "created_at": MOMENTS[0],
        "updated_at": MOMENTS[1],
        "saved_at": MOMENTS[0],
    },
    {"id": "lay_3", "name": "mine", "permission": "CREATOR_WRITE", "updated_at": MOMENTS[1], "data": "{}"},
]


@pytest.fixture
def fox(make_api: Any) -> Any:
    """Two shared layouts and a personal one."""
    return make_api(layout=LAYOUTS)


def test_shared_layouts_are_listed(fox: Any) -> None:
    """With what they have."""
    one = {"id": "lay_1", "name": "one", "createdAt": MOMENTS[0], "updatedAt": MOMENTS[0], "permission": "ORG_READ"}
    two = {"id": "lay_2", "name": "two", "createdAt": MOMENTS[0], "updatedAt": MOMENTS[1], "permission": "ORG_WRITE"}
    more = {"savedAt": MOMENTS[0], "folderName": "folder"}
    assert (
        fox.get("/layouts") == fox.get("/layouts", includeData="true") == [one | {"data": {"layout": "3D"}}, two | more]
    )
    assert fox.get("/layouts", includeData="false") == [one, two | more]


@pytest.mark.parametrize(
    ("since", "count"),
    [(MOMENTS[0], 2), ("2026-01-01T00:00:00.000000001Z", 1), (MOMENTS[1], 1), ("2026-01-03T00:00:00Z", 0)],
)
def test_layouts_updated_since_a_moment_are_listed(fox: Any, since: str, count: int) -> None:
    """Those of that very moment too."""
    assert len(fox.get("/layouts", updatedSince=since)) == count


@pytest.mark.parametrize("query", [{"includeData": "1"}, {"includeData": ""}, {"updatedSince": "yesterday"}])
def test_a_malformed_question_is_refused(fox: Any, query: Any) -> None:
    """With 400."""
    assert fox.refusal("GET", "/layouts", query=query)[0] == 400


@pytest.mark.parametrize("changes", [{"permission": "NOBODY"}, {"data": "{"}, {"data": "[]"}])
def test_a_world_has_no_impossible_layouts(make_api: Any, changes: Any) -> None:
    """It is refused when it is read."""
    with pytest.raises(ValueError, match="layout"):
        make_api(layout=[LAYOUTS[0] | changes])
