"""Extensions are published version by version, and their files come back as they were sent."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from robowire_generators.foxe import FOXE_BREAKAGES, FoxeRecipe, make_foxe
from robowire_mocks.foxglove import extensions

RECIPE = FoxeRecipe(name="Panel", publisher="Robots", version="1.0", display_name="A panel", description="One.")
MEDIA_TYPE = "application/octet-stream"


@pytest.fixture
def fox(make_api: Any) -> Any:
    """A mock without extensions."""
    return make_api()


def publish(fox: Any, **changes: Any) -> Any:
    """The answer to the publication of a package."""
    raw = make_foxe(replace(RECIPE, **changes))
    return fox.ask("POST", "/extension-upload", data=raw, content_type=MEDIA_TYPE)


def test_a_published_extension_is_listed(fox: Any) -> None:
    """With what its package says, and its digest."""
    extension_id = publish(fox).get_json()["id"]
    assert fox.get("/extensions") == [
        {
            "id": extension_id,
            "name": "Panel",
            "publisher": "Robots",
            "displayName": "A panel",
            "description": "One.",
            "activeVersion": "1.0",
            "sha256Sum": hashlib.sha256(make_foxe(RECIPE)).hexdigest(),
        }
    ]


def test_the_last_version_is_the_active_one(fox: Any) -> None:
    """Whatever its number; everything shown is of that version."""
    first = publish(fox).get_json()["id"]
    again = publish(fox, name="pANEL", publisher="robots", version="0.1-beta", description=None)
    assert again.get_json() == {"id": first}
    (extension,) = fox.get("/extensions")
    assert (extension["name"], extension["publisher"]) == ("pANEL", "robots")
    assert (extension["activeVersion"], extension["description"]) == ("0.1-beta", None)


def test_a_version_is_published_once(fox: Any) -> None:
    """In any case of the names, and also if it is not the active one any more."""
    publish(fox)
    publish(fox, version="2.0")
    for changes in ({}, {"name": "PANEL"}, {"publisher": "ROBOTS", "description": "Other."}):
        assert publish(fox, **changes).status_code == 409
    assert fox.get("/extensions")[0]["activeVersion"] == "2.0"
    assert publish(fox, publisher="others").status_code == 200


def test_the_display_name_stays(fox: Any) -> None:
    """A version that would change it is refused."""
    publish(fox)
    assert publish(fox, version="2.0", display_name="Another").status_code == 400
    assert fox.get("/extensions")[0]["activeVersion"] == "1.0"


@pytest.mark.parametrize(
    "media_type", [None, "application/json", "application/zip", "text/plain; application/octet-stream"]
)
def test_the_media_type_must_be_said(fox: Any, media_type: str | None) -> None:
    """It may have parameters, and any case."""
    status = fox.ask("POST", "/extension-upload", data=make_foxe(RECIPE), content_type=media_type).status_code
    assert status == 400
    said = "Application/Octet-Stream; charset=binary"
    assert fox.ask("POST", "/extension-upload", data=make_foxe(RECIPE), content_type=said).status_code == 200


@pytest.mark.parametrize("breakage", FOXE_BREAKAGES)
def test_what_is_no_package_is_refused(fox: Any, breakage: str) -> None:
    """With 400, and nothing is kept of it."""
    raw = FOXE_BREAKAGES[breakage].make(RECIPE)
    answer = fox.ask("POST", "/extension-upload", data=raw, content_type=MEDIA_TYPE)
    assert (answer.status_code, list(answer.get_json())) == (400, ["error"])
    assert fox.get("/extensions") == []


def test_a_link_leads_to_the_file(fox: Any) -> None:
    """Without credentials, for a while."""
    extension_id = publish(fox).get_json()["id"]
    told = fox.get(f"/extensions/{extension_id}")
    client = fox.mock.app.test_client()
    assert client.get(told["foxe"]).data == make_foxe(RECIPE)
    assert client.get(told["foxe"] + "0").status_code == 403
    assert client.get(told["foxe"].split("?")[0]).status_code == 403
    fox.mock.clock.advance(extensions.LINK_S)
    assert client.get(told["foxe"]).status_code == 410


def test_a_deleted_extension_is_gone(fox: Any) -> None:
    """With its versions, which may be published again, and its files."""
    extension_id = publish(fox).get_json()["id"]
    link = fox.get(f"/extensions/{extension_id}")["foxe"]
    assert fox.send("DELETE", f"/extensions/{extension_id}") == {"id": extension_id}
    assert fox.get("/extensions") == []
    assert fox.mock.app.test_client().get(link).status_code == 404
    for method in ("GET", "DELETE"):
        assert fox.refusal(method, f"/extensions/{extension_id}")[0] == 404
    assert publish(fox).get_json()["id"] != extension_id


def test_files_outlive_the_process(make_api: Any, tmp_path: Path) -> None:
    """In the data folder, with what else is known of an extension."""
    fox = make_api(tmp_path)
    extension_id = publish(fox).get_json()["id"]
    fox.mock.close()
    again = make_api(tmp_path)
    assert publish(again).status_code == 409
    link = again.get(f"/extensions/{extension_id}")["foxe"]
    assert again.mock.app.test_client().get(link).data == make_foxe(RECIPE)
    again.mock.reset()
    assert again.mock.app.test_client().get(link).status_code == 404


def test_a_world_has_extensions_with_files(make_api: Any) -> None:
    """Of each version that it names; the last is active."""
    entry = {"publisher": "p", "name": "n", "display_name": "d", "versions": ["2", "1"]}
    fox = make_api(extension=[entry])
    (extension,) = fox.get("/extensions")
    assert (extension["activeVersion"], extension["description"]) == ("1", None)
    link = fox.get(f"/extensions/{extension['id']}")["foxe"]
    raw = fox.mock.app.test_client().get(link).data
    assert hashlib.sha256(raw).hexdigest() == extension["sha256Sum"]
    with pytest.raises(ValueError, match="there twice"):
        make_api(extension=[entry, entry | {"name": "N"}])
    with pytest.raises(ValueError, match="displayName"):
        make_api(extension=[entry | {"display_name": ""}])
