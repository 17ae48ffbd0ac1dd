"""The world that comes along has one of everything that an organisation may have, and a key for every purpose."""

import pytest
from robowire_fixtures import foxglove
from robowire_fixtures.worldfile import read_world
from robowire_mocks import create_mock
from robowire_mocks.foxglove.world import KeyState, World

WORLD = read_world(World, "foxglove")
KEYS = {key.key: key for key in WORLD.key}
CAPABILITIES = sorted({*foxglove.CAPABILITIES.values(), *foxglove.PUBLISHED_CAPABILITIES.values()})


def ask(method: str, path: str, key: str) -> int:
    """The status that a request with a key is answered."""
    with create_mock("foxglove") as mock:
        answer = mock.app.test_client().open(f"/v1{path}", method=method, headers={"Authorization": f"Bearer {key}"})
        return int(answer.status_code)


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_each_capability_has_a_key_of_its_own(capability: str) -> None:
    """It is named after the capability and has no other."""
    assert KEYS[f"fox_sk_robowire_{capability}"].capabilities == (capability,)


@pytest.mark.parametrize(
    ("key", "status"),
    [("all", 200), ("reader", 200), ("none", 403), ("revoked", 401), ("disabled", 401), ("nobody", 401)],
)
def test_keys_for_every_purpose(key: str, status: int) -> None:
    """All-powerful, reading, powerless, revoked, disabled, unknown."""
    assert ask("GET", "/sites", f"fox_sk_robowire_{key}") == status


def test_the_reader_reads_everything() -> None:
    """It has each capability to list, and no other."""
    assert set(KEYS["fox_sk_robowire_reader"].capabilities) == {one for one in CAPABILITIES if one.endswith(".list")}


def test_all_kinds_are_there() -> None:
    """Every type of a property with a value on a device, every type of a site, every permission of a layout."""
    assert {entry.value_type for entry in WORLD.custom_property} == set(foxglove.VALUE_TYPES)
    assert {type(value) for device in WORLD.device for value in device.properties.values()} >= {str, int, float, bool}
    assert {site.type for site in WORLD.site} == set(foxglove.SITE_TYPES)
    assert {layout.permission for layout in WORLD.layout} == set(foxglove.LAYOUT_PERMISSIONS)
    assert {key.state for key in WORLD.key} == set(KeyState)
    assert {recording.edge_site is None for recording in WORLD.recording} == {True, False}


def test_a_device_has_another_ones_id_for_a_name() -> None:
    """So that names can be seen to go before ids."""
    assert {device.name for device in WORLD.device} & {device.id for device in WORLD.device}


def test_data_keep_their_device() -> None:
    """One device has data and stays; one has none and goes."""
    assert ask("DELETE", "/devices/tug-01", "fox_sk_robowire_all") == 400
    assert ask("DELETE", "/devices/tug-00", "fox_sk_robowire_all") == 200
