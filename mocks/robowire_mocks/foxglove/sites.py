"""Sites: where recordings are stored (sections "List sites" to "Delete a site").

Where the document is silent: names need not be unique; an update that gives a member to a site of a type that cannot
have it is refused; a recording that another site still has stays, and loses the site that was deleted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_fixtures.foxglove import RETAINING_SITE_TYPE, URL_SITE_TYPE

from robowire_mocks.foxglove import importing
from robowire_mocks.foxglove.errors import BadRequest, NotFound
from robowire_mocks.foxglove.members import Kind, Member
from robowire_mocks.foxglove.rows import Recording, Site

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robowire_mocks.foxglove.call import Call

_ONLY: Mapping[str, str] = {"url": URL_SITE_TYPE, "retainRecordingsSeconds": RETAINING_SITE_TYPE}
"""Members that sites of one type alone have."""

_NEW = (
    Member("name", required=True, shortest=1),  # FOXGLOVE-SITES-111, FOXGLOVE-SITES-112
    Member("type", required=True, one_of=(RETAINING_SITE_TYPE,)),  # FOXGLOVE-SITES-113, FOXGLOVE-SITES-114
    # FOXGLOVE-SITES-116, FOXGLOVE-SITES-117, FOXGLOVE-SITES-118, FOXGLOVE-SITES-119
    Member("retainRecordingsSeconds", Kind.NUMBER, least=0),
)
_CHANGED = (
    Member("name", shortest=1),  # FOXGLOVE-SITES-122
    # The document bounds it where a site is created and shown, so it is not negative here either.
    Member("retainRecordingsSeconds", Kind.NUMBER, least=0),  # FOXGLOVE-SITES-124, FOXGLOVE-SITES-125
    Member("url"),  # FOXGLOVE-SITES-127
)


def list_sites(call: Call) -> list[dict[str, Any]]:
    """All sites."""
    # FOXGLOVE-SITES-001
    return [call.steps.site(call, site) for site in call.state.sites]


def create_site(call: Call) -> dict[str, Any]:
    """A new Edge Site."""
    # FOXGLOVE-SITES-002
    given = call.steps.read(call, call.steps.body(call), _NEW)  # FOXGLOVE-SITES-110
    retention = given.get("retainRecordingsSeconds")  # FOXGLOVE-SITES-115
    site = Site(call.state.fresh_id("site"), given["name"], given["type"], retain_recordings_seconds=retention)
    call.state.sites.put(site)  # FOXGLOVE-SITES-301
    return call.steps.site(call, site)


def get_site(call: Call) -> dict[str, Any]:
    """The site with the path's id."""
    # FOXGLOVE-SITES-003
    return call.steps.site(call, call.steps.site_at(call))


def update_site(call: Call) -> dict[str, Any]:
    """Change the site with the path's id."""
    # FOXGLOVE-SITES-004
    site = call.steps.site_at(call)
    given = call.steps.read(call, call.steps.body(call), _CHANGED)  # FOXGLOVE-SITES-120
    call.steps.site_allows(call, site, given)
    changed = call.steps.site_change(call, site, given)
    call.state.sites.put(changed)  # FOXGLOVE-SITES-303
    return call.steps.site(call, changed)


def delete_site(call: Call) -> dict[str, Any]:
    """Remove the site with the path's id, its tokens, and the recordings that it alone has."""
    # FOXGLOVE-SITES-005
    site = call.steps.site_at(call)
    for token in call.state.site_tokens.where("site_id", site.id):
        call.state.site_tokens.remove(token.id)
    for recording in [one for one in call.state.recordings if site.id in {one.site_id, one.edge_site_id}]:
        _take_from(call, site, recording)  # FOXGLOVE-SITES-306
    call.state.sites.remove(site.id)  # FOXGLOVE-SITES-302
    return {"id": site.id}  # FOXGLOVE-SITES-211


def site_at(call: Call) -> Site:
    """The site with the path's id.

    Raises:
        NotFound: There is none.
    """
    site = call.state.sites.get(call.path["id"])
    if site is None:
        # FOXGLOVE-SITES-006, FOXGLOVE-SITES-007, FOXGLOVE-SITES-008
        raise NotFound(f"there is no site {call.path['id'][:80]!r}")
    return site


def site_allows(call: Call, site: Site, given: Mapping[str, Any]) -> None:  # noqa: ARG001  # a step gets the call
    """Nothing, if a site of this type may have all that is given.

    Raises:
        BadRequest: It may not.
    """
    for name, type_ in _ONLY.items():
        if name in given and site.type != type_:
            # FOXGLOVE-SITES-304, FOXGLOVE-SITES-305
            raise BadRequest(f"{name}: is for sites of type {type_} only, and this is of type {site.type}")


def site_change(call: Call, site: Site, given: Mapping[str, Any]) -> Site:  # noqa: ARG001  # as above
    """The site with those members that were given, and the others as they were."""
    # FOXGLOVE-SITES-128
    return replace(
        site,
        name=given.get("name", site.name),  # FOXGLOVE-SITES-121
        url=given.get("url", site.url),  # FOXGLOVE-SITES-126
        # FOXGLOVE-SITES-123
        retain_recordings_seconds=given.get("retainRecordingsSeconds", site.retain_recordings_seconds),
    )


def site(call: Call, site: Site) -> dict[str, Any]:  # noqa: ARG001  # as above
    """A site as answers show it."""
    shown: dict[str, Any] = {
        "id": site.id,  # FOXGLOVE-SITES-201
        "name": site.name,  # FOXGLOVE-SITES-202
        "type": site.type,  # FOXGLOVE-SITES-203
    }
    if site.url is not None:
        shown["url"] = site.url  # FOXGLOVE-SITES-204
    if site.retain_recordings_seconds is not None:
        shown["retainRecordingsSeconds"] = site.retain_recordings_seconds  # FOXGLOVE-SITES-205
    return shown


def _take_from(call: Call, site: Site, recording: Recording) -> None:
    """What becomes of a recording whose copy at `site` is lost."""
    left = replace(
        recording,
        site_id=None if recording.site_id == site.id else recording.site_id,
        edge_site_id=None if recording.edge_site_id == site.id else recording.edge_site_id,
        import_status="none" if recording.site_id == site.id else recording.import_status,
    )
    if left.site_id is None:
        left = replace(left, imported_at=None, import_id=None)
    if left.site_id is None and left.edge_site_id is None:
        importing.forget(call.state, recording)
    else:
        call.state.recordings.put(left)
