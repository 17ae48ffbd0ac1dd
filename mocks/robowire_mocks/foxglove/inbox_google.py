"""The inbox as Google Cloud Storage has it: objects put by its XML API, or sent by its JSON API; any credentials do."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Response, request
from werkzeug.http import parse_options_header

from robowire_mocks.core import strict_json
from robowire_mocks.core.answer import Answer, Refusal
from robowire_mocks.core.bodies import read_body
from robowire_mocks.core.http import origin, respond
from robowire_mocks.foxglove.errors import BadRequest
from robowire_mocks.foxglove.inbox_routes import Inbox, prefixed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask

    from robowire_mocks.foxglove.files import StoredFile

ROOT: str = "/gcs"
"""The endpoint that clients are given, below the mock's address."""

_JSON_LIMIT = 1024 * 1024
_WHOLE_LIMIT = 256 * 1024 * 1024  # what comes with its description in one body is held in memory
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")
_DEPTH = 20


def add_google(app: Flask) -> None:
    """Serve the buckets as Google Cloud Storage does."""
    google = _Google(Inbox())
    upload = f"{ROOT}/upload/storage/v1/b/<bucket>/o"
    app.add_url_rule(f"{ROOT}/storage/v1/b/<bucket>", "gcs_bucket", _answered(google.bucket), methods=["GET"])
    app.add_url_rule(upload, "gcs_send", _answered(google.send), methods=["POST"])
    app.add_url_rule(upload, "gcs_resume", _answered(google.resume), methods=["PUT"])
    app.add_url_rule(f"{ROOT}/<bucket>/<any_text:name>", "gcs_put", _answered(google.put), methods=["PUT"])


class _Google:
    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    def bucket(self, bucket: str) -> Response:
        """What a bucket is: clients look at it before they send something."""
        self._inbox.check(bucket)
        return respond(Answer(200, {"kind": "storage#bucket", "id": bucket, "name": bucket, "location": "EU"}))

    def put(self, bucket: str, name: str) -> Response:
        """An object by the XML API."""
        stored = self._inbox.receive(bucket, name, prefixed("x-goog-meta-"))  # FOXGLOVE-MANAGE-342
        return Response(headers={"ETag": f'"{stored.sha256[:32]}"'})

    def send(self, bucket: str) -> Response:
        """An object by the JSON API: alone, with its description, or the begin of one that comes later."""
        self._inbox.check(bucket)
        match request.args.get("uploadType"):
            case "media":
                name = _name({"name": request.args.get("name")})
                stored = self._inbox.receive(bucket, name, prefixed("x-goog-meta-"))
                return _shown(bucket, name, stored, {})
            case "multipart":
                return self._with_description(bucket)
            case "resumable":
                return self._begin(bucket)
            case _:
                raise BadRequest("uploadType: must be media, multipart or resumable")

    def resume(self, bucket: str) -> Response:
        """A part of an object that was begun; the last one ends it."""
        upload_id, name = request.args.get("upload_id", ""), request.args.get("name", "")
        given = _RANGE.fullmatch(request.headers.get("Content-Range", "bytes 0-0/0"))
        if given is None:
            raise BadRequest("Content-Range: cannot be read")
        begin, _, total = given.groups()
        with self._inbox.call():
            assembly = self._inbox.parts.get(upload_id, bucket, name)
            here = self._inbox.parts.of(assembly)
        size = sum(part.size for part in here)
        names = [part.name for part in here]
        if begin is not None:
            if int(begin) != size:
                raise BadRequest(f"{size} bytes are here already")
            names.append(str(len(here)))
            size += self._inbox.receive_part(upload_id, bucket, name, names[-1]).size
        if total == "*" or int(total) > size:
            return Response(status=308, headers={"Range": f"bytes=0-{size - 1}"} if size else {})
        stored = self._inbox.assemble(assembly, names, assembly.metadata)
        return _shown(bucket, name, stored, {})

    def _with_description(self, bucket: str) -> Response:
        kind, options = parse_options_header(request.headers.get("Content-Type", ""))
        boundary = options.get("boundary", "").encode(errors="replace")
        if kind != "multipart/related" or not boundary:
            raise BadRequest("the body must be multipart/related")
        described, content = _two_parts(read_body(_WHOLE_LIMIT), boundary)
        description = _description(described)
        name = _name({"name": request.args.get("name"), **description})
        with self._inbox.call() as call:
            stored = call.state.files.put([content])
        self._inbox.came(bucket, name, _metadata(description), stored)
        return _shown(bucket, name, stored, description)

    def _begin(self, bucket: str) -> Response:
        description = _description(read_body(_JSON_LIMIT) or b"{}")
        name = _name({"name": request.args.get("name"), **description})
        metadata = _metadata(description) or prefixed("x-goog-meta-")
        with self._inbox.call() as call:
            upload_id = call.state.fresh_id("upl")
            self._inbox.parts.begin(upload_id, bucket, name, metadata)
        path = f"{ROOT}/upload/storage/v1/b/{quote(bucket, safe='')}/o"
        link = f"{origin(request)}{path}?uploadType=resumable&upload_id={upload_id}&name={quote(name, safe='')}"
        return Response(headers={"Location": link})


def _answered(view: Callable[..., Response]) -> Callable[..., Response]:
    """The view, whose refusals are Google's."""

    def answer(**path: str) -> Response:
        try:
            return view(**path)
        except Refusal as refusal:
            body = {"error": {"code": refusal.status, "message": str(refusal)}}
            return respond(Answer(refusal.status, body))

    return answer


def _two_parts(body: bytes, boundary: bytes) -> tuple[bytes, bytes]:
    """The contents of the two parts that a body has."""
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(pieces) < 4 or not pieces[-1].startswith(b"--"):  # before, two, and after
        raise BadRequest("the body must have two parts")
    described = pieces[1].partition(b"\r\n\r\n")[2]
    content = (b"\r\n--" + boundary).join(pieces[2:-1]).partition(b"\r\n\r\n")[2]
    return described, content


def _description(raw: bytes) -> Mapping[str, Any]:
    try:
        value = strict_json.loads(raw, depth=_DEPTH)
    except strict_json.NotJSON as error:
        raise BadRequest(f"the description is not JSON that can be read: {error}") from error
    if not isinstance(value, dict):
        raise BadRequest("the description is not a JSON object")
    return value


def _name(description: Mapping[str, Any]) -> str:
    name = description.get("name")
    if not isinstance(name, str) or not name:
        raise BadRequest("name: is required")
    return name


def _metadata(description: Mapping[str, Any]) -> dict[str, str]:
    given = description.get("metadata")
    return {key: value for key, value in given.items() if isinstance(value, str)} if isinstance(given, dict) else {}


def _shown(bucket: str, name: str, stored: StoredFile, description: Mapping[str, Any]) -> Response:
    """The object as the JSON API describes it, with the checksums that the client gave: they are those of the bytes."""
    said = {"crc32c": description.get("crc32c"), "md5Hash": description.get("md5Hash")}
    for part in request.headers.get("X-Goog-Hash", "").split(","):
        kind, _, value = part.strip().partition("=")
        said |= {"crc32c": value} if kind == "crc32c" else {"md5Hash": value} if kind == "md5" else {}
    body = {"kind": "storage#object", "bucket": bucket, "name": name, "size": str(stored.size)}
    with suppress(KeyError):
        body["metadata"] = description["metadata"]
    return respond(Answer(200, body | {key: value for key, value in said.items() if value}))
