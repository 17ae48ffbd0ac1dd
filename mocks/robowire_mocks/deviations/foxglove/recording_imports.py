"""Deviations of the import of recordings from edge sites (page "Recordings")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, after, only
from robowire_mocks.foxglove.errors import BadRequest, NotFound

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import PendingImport, Recording

PAGE = "RECORDINGS"


def _refused_if(status: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, recording: Recording) -> Recording:
        there = recording.edge_copy and recording.edge_site_id in call.state.sites
        if recording.import_status == status and (there or status != "none"):
            raise BadRequest(f"the recording is {status}")
        asked: Recording = honest(call, recording)
        return asked

    return wrapper


add(
    f"{PAGE}-341",
    "import-recording-none-refused",
    "import_asked",
    "The import of a recording that is not imported is refused.",
    _refused_if("none"),
)
add(
    f"{PAGE}-342",
    "import-recording-complete-refused",
    "import_asked",
    "A request to import a recording that is imported is refused.",
    _refused_if("complete"),
)
add(
    f"{PAGE}-342",
    "import-recording-complete-none",
    "import_recording",
    "A request to import a recording that is imported is answered with importStatus none.",
    after(lambda body: {**body, "importStatus": "none"} if body["importStatus"] == "complete" else body),
)
add(
    f"{PAGE}-343",
    "import-recording-pending-refused",
    "import_asked",
    "A request to import a recording that is queued is refused.",
    _refused_if("pending"),
)


def _never(honest: Wrapper, call: Call, recording: Recording) -> Recording:
    """The request is answered; nothing is queued."""
    asked: Recording = honest(call, recording)
    if recording.import_status == "none":
        call.state.recordings.put(recording)
    return asked


add(
    f"{PAGE}-344",
    "import-recording-forgotten",
    "import_asked",
    "A request for import is answered, and forgotten.",
    _never,
)


def _without_data(honest: Wrapper, call: Call, job: PendingImport, recording: Recording) -> Recording:
    imported: Recording = honest(call, job, recording)
    return replace(imported, file_id=None) if recording.edge_site_id is not None else imported


add(
    f"{PAGE}-345",
    "import-recording-without-data",
    "imported",
    "A recording of an edge site is imported without its data.",
    _without_data,
)


def _imported_without(honest: Wrapper, call: Call, recording: Recording) -> Any:
    shown = honest(call, recording)
    return {**shown, "metadata": []} if recording.edge_site_id is not None and recording.complete else shown


add(
    f"{PAGE}-345",
    "import-recording-without-metadata",
    "recording",
    "A recording of an edge site that is imported has no metadata.",
    only(("list_recordings", "get_recording"), _imported_without),
)
add(
    f"{PAGE}-345",
    "import-recording-without-attachments",
    "attachment_recordings",
    "Attachments of recordings of edge sites are not listed.",
    after(lambda found: [one for one in found if one.edge_site_id is None]),
)


def _at_its_edge_site(honest: Wrapper, call: Call, recording: Recording) -> Any:
    shown = honest(call, recording)
    return {**shown, "site": shown["edgeSite"]} if recording.complete and "edgeSite" in shown else shown


add(
    f"{PAGE}-309",
    "imported-recording-at-edge-site",
    "recording",
    "The site of a recording of an edge site that is imported is the edge site.",
    only(("list_recordings", "get_recording"), _at_its_edge_site),
)


def _unknown(status: int) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call) -> Any:
        try:
            return honest(call)
        except NotFound as refusal:
            if call.path["keyOrId"] in call.state.recordings:
                raise
            if status == 200:
                return {"id": call.path["keyOrId"], "importStatus": "pending"}
            raise BadRequest(str(refusal)) from refusal

    return wrapper


add(
    f"{PAGE}-346",
    "import-unknown-recording-400",
    "import_recording",
    "A request to import a recording that is not there is answered 400.",
    _unknown(400),
)
add(
    f"{PAGE}-346",
    "import-unknown-recording-200",
    "import_recording",
    "A request to import a recording that is not there is answered as if it were queued.",
    _unknown(200),
)


def _gone(*, site_there: bool) -> Wrapper:
    """A wrapper of `import_asked`: what was at an edge site is queued, though it is there no more."""

    def wrapper(honest: Wrapper, call: Call, recording: Recording) -> Recording:
        there = recording.edge_site_id in call.state.sites
        if recording.import_status == "none" and there is site_there and not (there and recording.edge_copy):
            return replace(recording, import_status="pending")
        asked: Recording = honest(call, recording)
        return asked

    return wrapper


add(
    f"{PAGE}-347",
    "import-without-edge-copy",
    "import_asked",
    "A request to import a recording whose edge copy is gone is answered as if it were queued.",
    _gone(site_there=True),
)
add(
    f"{PAGE}-348",
    "import-without-edge-site",
    "import_asked",
    "A request to import a recording whose edge site is gone is answered as if it were queued.",
    _gone(site_there=False),
)
