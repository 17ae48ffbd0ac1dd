"""Deviations of the links of uploads, and of what comes of the files (section "Upload a recording")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.core.links import LinkInvalid
from robowire_mocks.deviations.foxglove.changing import Wrapper, add
from robowire_mocks.foxglove.errors import BadRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.core.answer import Answer
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.files import StoredFile
    from robowire_mocks.foxglove.rows import PendingImport, Recording, Site, Upload

PAGE = "UPLOAD"

# ---- the link


def _put_status(status: int) -> Wrapper:
    """A wrapper of `upload_came`: a file of a known length is answered otherwise."""

    def wrapper(honest: Wrapper, call: Call, upload: Upload, stored: StoredFile) -> Answer:
        answer: Answer = honest(call, upload, stored)
        return replace(answer, status=status) if "Content-Length" in call.headers else answer

    return wrapper


add(f"{PAGE}-002", "put-answered-503", "upload_came", "A file that is taken is answered 503.", _put_status(503))
add(f"{PAGE}-307", "put-answered-201", "upload_came", "A file that is taken is answered 201.", _put_status(201))
add(f"{PAGE}-307", "put-answered-204", "upload_came", "A file that is taken is answered 204.", _put_status(204))


def _if_header(wrong: Callable[[Mapping[str, str]], bool], text: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call) -> Upload:
        if wrong(call.headers):
            raise BadRequest(text)
        upload: Upload = honest(call)
        return upload

    return wrapper


add(
    f"{PAGE}-302",
    "put-octets-refused",
    "upload_at",
    "A file of a known length that comes as application/octet-stream is refused.",
    _if_header(
        lambda headers: headers.get("Content-Type") == "application/octet-stream" and "Content-Length" in headers,
        "the media type is too vague",
    ),
)
add(
    f"{PAGE}-306",
    "put-chunks-refused",
    "upload_at",
    "A file that comes in chunks is refused.",
    _if_header(lambda headers: "Content-Length" not in headers, "Content-Length is required"),
)


def _token_needed(honest: Wrapper, call: Call) -> Upload:
    if "Authorization" not in call.headers and "Content-Length" in call.headers:
        raise LinkInvalid("a token is required")
    upload: Upload = honest(call)
    return upload


add(f"{PAGE}-304", "put-needs-token", "upload_at", "A file of known length is taken with a token only.", _token_needed)


def _any_link(honest: Wrapper, call: Call) -> Upload:
    try:
        upload: Upload = honest(call)
    except LinkInvalid:
        known = call.state.uploads.get(call.path["id"])
        if known is None:
            raise
        return known
    return upload


add(f"{PAGE}-308", "put-to-altered-link", "upload_at", "A link's signature is not looked at.", _any_link)

# ---- what comes of it


def _imported(change: Callable[[Call, PendingImport, Recording], Recording]) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, job: PendingImport, recording: Recording) -> Recording:
        return change(call, job, honest(call, job, recording))

    return wrapper


def _never(_: Call, __: PendingImport, recording: Recording) -> Recording:
    """It stays as it is: only recordings at the edge are imported."""
    return replace(recording, import_status="importing", imported_at=None, import_id=None)


add(f"{PAGE}-301", "upload-never-complete", "imported", "An upload is importing for ever.", _imported(_never))


def _elsewhere(honest: Wrapper, call: Call) -> Site:
    """At a site that is the organisation's own."""
    hosted: Site = honest(call)
    return next((site for site in call.state.sites if site.type == "self-hosted"), hosted)


add(f"{PAGE}-309", "upload-to-own-site", "upload_site", "An upload goes to the self-hosted site.", _elsewhere)


def _twice(honest: Wrapper, call: Call, upload: Upload, stored: StoredFile) -> Answer:
    """A file is also that of the request just before, if that is of the same device and still waits for its own."""
    answer: Answer = honest(call, upload, stored)
    requests = list(call.state.uploads)
    before = requests[max(requests.index(upload) - 1, 0)]
    waits = before.id != upload.id and before.id not in call.state.pending_imports
    alike = before.device_id == upload.device_id and before.filename != upload.filename
    if waits and alike and before.key is upload.key is None:
        copy = call.state.files.put([call.state.files.path(stored.id).read_bytes()])
        honest(call, replace(before, device_id=None), copy)
    return answer


add(
    f"{PAGE}-303",
    "upload-for-two-requests",
    "upload_came",
    "A file is also taken for the request before, if that is of the same device and waits.",
    _twice,
)


def _by_filename(honest: Wrapper, call: Call, upload: Upload, stored: StoredFile) -> Answer:
    """A file is that of the last request with its filename and device, whichever link it was put to."""
    alike = [
        one
        for one in call.state.uploads
        if (one.filename, one.device_id, one.key) == (upload.filename, upload.device_id, upload.key)
    ]
    answer: Answer = honest(call, alike[-1] if upload.id not in call.state.pending_imports else upload, stored)
    return answer


add(
    f"{PAGE}-303",
    "upload-by-filename",
    "upload_came",
    "A file is taken for the last request with the same filename.",
    _by_filename,
)


def _two_of_a_key(honest: Wrapper, call: Call, job: PendingImport) -> Any:
    """Beside a device, a key is no reason to leave a file out."""
    same = honest(call, job if job.device_id is None else replace(job, key=None))
    keyed = same is not None and job.device_id is not None and job.key is not None
    return None if keyed and same.key == job.key else same


add(
    f"{PAGE}-310",
    "upload-key-twice",
    "same_recording",
    "Two files of a device with the same key become two recordings.",
    _two_of_a_key,
)
