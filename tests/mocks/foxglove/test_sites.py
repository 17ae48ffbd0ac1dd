"""Sites and their tokens, and what goes with a site that is deleted."""

from typing import Any

import pytest

SITES = [
    {"id": "site_h", "name": "hosted", "type": "foxglove-hosted"},
    {"id": "site_s", "name": "own", "type": "self-hosted", "url": "https://own.example"},
    {"id": "site_e", "name": "edge", "type": "edge", "retain_recordings_seconds": 60.5},
]
MOMENT = "2026-01-01T00:00:00Z"


@pytest.fixture
def fox(make_api: Any) -> Any:
    """A site of each type; tokens of two; recordings here and there."""
    places = [("site_h", None), ("site_s", "site_e"), (None, "site_e"), (None, None)]
    recordings = [
        {"id": f"rec_{number}", "path": "a.mcap", "start": MOMENT, "end": MOMENT}
        | {name: place for name, place in (("site", site), ("edge_site", edge)) if place}
        for number, (site, edge) in enumerate(places)
    ]
    tokens = [{"id": "stt_s", "site": "site_s", "token": "secret"}, {"id": "stt_e", "site": "site_e"}]
    return make_api(site=SITES, site_token=tokens, recording=recordings)


def places(fox: Any) -> dict[str, tuple[str | None, str | None, str]]:
    """Where each recording is, and its import status."""
    return {one.id: (one.site_id, one.edge_site_id, one.import_status) for one in fox.mock.state.recordings}


def test_sites_show_what_their_type_has(fox: Any) -> None:
    """A url, a retention, or neither."""
    assert fox.get("/sites") == [
        {"id": "site_h", "name": "hosted", "type": "foxglove-hosted"},
        {"id": "site_s", "name": "own", "type": "self-hosted", "url": "https://own.example"},
        {"id": "site_e", "name": "edge", "type": "edge", "retainRecordingsSeconds": 60.5},
    ]
    assert [fox.get(f"/sites/{site['id']}") for site in fox.get("/sites")] == fox.get("/sites")


@pytest.mark.parametrize("retention", [{}, {"retainRecordingsSeconds": 0}, {"retainRecordingsSeconds": 3600.5}])
def test_an_edge_site_is_created(fox: Any, retention: Any) -> None:
    """With any retention that is not negative, or none."""
    site = fox.send("POST", "/sites", {"name": "new", "type": "edge", **retention, "url": "ignored"})
    assert site == {"id": site["id"], "name": "new", "type": "edge", **retention}
    assert fox.get("/sites")[-1] == site


@pytest.mark.parametrize(
    "body",
    [
        {"type": "edge"},
        {"name": "", "type": "edge"},
        {"name": 1, "type": "edge"},
        {"name": "x"},
        {"name": "x", "type": "self-hosted"},
        {"name": "x", "type": "foxglove-hosted"},
        {"name": "x", "type": "Edge"},
        {"name": "x", "type": "edge", "retainRecordingsSeconds": -0.5},
        {"name": "x", "type": "edge", "retainRecordingsSeconds": "60"},
        {"name": "x", "type": "edge", "retainRecordingsSeconds": True},
        {"name": "x", "type": "edge", "retainRecordingsSeconds": None},
        [],
    ],
)
def test_no_other_site_is_created(fox: Any, body: Any) -> None:
    """With 400."""
    assert fox.refusal("POST", "/sites", json=body)[0] == 400
    assert len(fox.get("/sites")) == 3


@pytest.mark.parametrize(
    ("site", "body", "shown"),
    [
        ("site_h", {"name": "x"}, {"name": "x"}),
        ("site_s", {"url": "https://new.example"}, {"url": "https://new.example"}),
        ("site_e", {"retainRecordingsSeconds": 0}, {"retainRecordingsSeconds": 0}),
        ("site_e", {"type": "self-hosted", "id": "other"}, {}),
        ("site_e", {}, {}),
    ],
)
def test_a_site_is_changed(fox: Any, site: str, body: Any, shown: Any) -> None:
    """In what the update names; the rest stays."""
    before = fox.get(f"/sites/{site}")
    assert fox.send("PATCH", f"/sites/{site}", body) == before | shown == fox.get(f"/sites/{site}")


@pytest.mark.parametrize(
    ("site", "body"),
    [
        ("site_h", {"url": "x"}),
        ("site_e", {"url": "x", "name": "y"}),
        ("site_h", {"retainRecordingsSeconds": 1}),
        ("site_s", {"retainRecordingsSeconds": 0}),
        ("site_e", {"retainRecordingsSeconds": -1}),
        ("site_s", {"url": 1}),
        ("site_s", {"name": ""}),
        ("site_s", {"name": None}),
        ("site_s", None),
    ],
)
def test_a_site_is_not_given_what_it_cannot_have(fox: Any, site: str, body: Any) -> None:
    """And nothing else of that update is done either."""
    before = fox.get(f"/sites/{site}")
    assert fox.refusal("PATCH", f"/sites/{site}", json=body)[0] == 400
    assert fox.get(f"/sites/{site}") == before


def test_a_deleted_site_takes_its_tokens_and_recordings_along(fox: Any) -> None:
    """A recording that another site has too stays there."""
    assert fox.send("DELETE", "/sites/site_e") == {"id": "site_e"}
    assert [token["id"] for token in fox.get("/site-tokens")] == ["stt_s"]
    assert places(fox) == {
        "rec_0": ("site_h", None, "complete"),
        "rec_1": ("site_s", None, "complete"),
        "rec_3": (None, None, "complete"),
    }
    for method in ("GET", "PATCH", "DELETE"):
        assert fox.refusal(method, "/sites/site_e", json={})[0] == 404


def test_what_a_primary_site_had_is_no_longer_imported(fox: Any) -> None:
    """The copy at the edge is still there."""
    fox.send("DELETE", "/sites/site_s")
    assert places(fox)["rec_1"] == (None, "site_e", "none")


def test_a_token_is_told_once(fox: Any) -> None:
    """On its creation; lists have all but the secret."""
    token = fox.send("POST", "/site-tokens", {"siteId": "site_e"})
    assert set(token) == {"id", "createdAt", "siteId", "token"}
    del token["token"]
    assert fox.get("/site-tokens")[-1] == token
    assert [one["id"] for one in fox.get("/site-tokens", siteId="site_e")] == ["stt_e", token["id"]]
    assert fox.get("/site-tokens", siteId="nowhere") == []
    assert not any("token" in one for one in fox.get("/site-tokens"))


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ({"siteId": 1}, 400), ({"siteId": "nowhere"}, 404), ({"siteId": "site_h"}, 400), ([], 400)],
)
def test_no_token_is_made_for_nothing(fox: Any, body: Any, status: int) -> None:
    """Nor for a site that Foxglove runs itself."""
    assert fox.refusal("POST", "/site-tokens", json=body)[0] == status
    assert len(fox.get("/site-tokens")) == 2


def test_a_token_can_be_deleted(fox: Any) -> None:
    """As is published."""
    assert fox.send("DELETE", "/site-tokens/stt_e") == {"id": "stt_e"}
    assert fox.refusal("DELETE", "/site-tokens/stt_e")[0] == 404


@pytest.mark.parametrize(
    "site",
    [
        {"name": "x", "type": "cloud"},
        {"name": "x", "type": "edge", "url": "https://x.example"},
        {"name": "x", "type": "self-hosted", "retain_recordings_seconds": 1.0},
    ],
)
def test_a_world_has_no_impossible_sites(make_api: Any, site: Any) -> None:
    """It is refused when it is read."""
    with pytest.raises(ValueError, match="site"):
        make_api(site=[site])
