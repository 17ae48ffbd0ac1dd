"""The inbox as Amazon S3 has it: objects put whole or in parts, by path-style addresses; any credentials will do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from flask import Response, request

from robowire_mocks.core.answer import Refusal
from robowire_mocks.core.bodies import read_body
from robowire_mocks.foxglove.errors import BadRequest
from robowire_mocks.foxglove.inbox_routes import Inbox, prefixed

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

ROOT: str = "/s3"
"""The endpoint that clients are given, below the mock's address."""

_PART = re.compile(rb"<PartNumber>\s*(\d{1,5})\s*</PartNumber>")
_LIST_LIMIT = 1024 * 1024
_CODES = {404: "NoSuchBucket", 400: "InvalidRequest", 413: "EntityTooLarge", 415: "InvalidRequest"}


def add_s3(app: Flask) -> None:
    """Serve the buckets as S3 does."""
    s3 = _S3(Inbox())
    app.add_url_rule(f"{ROOT}/<bucket>", "s3_bucket", _answered(s3.bucket), methods=["GET", "HEAD"])
    address = f"{ROOT}/<bucket>/<any_text:name>"
    app.add_url_rule(address, "s3_put", _answered(s3.put), methods=["PUT"])
    app.add_url_rule(address, "s3_post", _answered(s3.post), methods=["POST"])
    app.add_url_rule(address, "s3_delete", _answered(s3.delete), methods=["DELETE"])


class _S3:
    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    def bucket(self, bucket: str) -> Response:
        """Whether the bucket is there; what was put into it is not to be listed: it is imported."""
        self._inbox.check(bucket)
        return _xml(f"<ListBucketResult><Name>{escape(bucket)}</Name><KeyCount>0</KeyCount></ListBucketResult>")

    def put(self, bucket: str, name: str) -> Response:
        """An object, or a part of one."""
        upload_id = request.args.get("uploadId")
        if upload_id is None:
            stored = self._inbox.receive(bucket, name, prefixed("x-amz-meta-"))  # FOXGLOVE-MANAGE-343
        else:
            number = str(_number(request.args.get("partNumber", "")))
            stored = self._inbox.receive_part(upload_id, bucket, name, number)
        return Response(headers={"ETag": f'"{stored.sha256[:32]}"'})

    def post(self, bucket: str, name: str) -> Response:
        """The begin of an object that comes in parts, or its end."""
        if "uploads" in request.args:
            return self._begin(bucket, name)
        upload_id = request.args.get("uploadId", "")
        with self._inbox.call():
            assembly = self._inbox.parts.get(upload_id, bucket, name)
        parts = [str(int(number)) for number in _PART.findall(read_body(_LIST_LIMIT))]
        if not parts:
            raise BadRequest("the body names no parts")
        stored = self._inbox.assemble(assembly, parts, assembly.metadata)
        return _xml(
            f"<CompleteMultipartUploadResult>{_object(bucket, name)}"
            f"<ETag>&quot;{stored.sha256[:32]}-{len(parts)}&quot;</ETag></CompleteMultipartUploadResult>"
        )

    def delete(self, bucket: str, name: str) -> Response:
        """Parts are given up; an object that was put is imported, and cannot be taken back here."""
        upload_id = request.args.get("uploadId", "")
        if upload_id:
            with self._inbox.call():
                self._inbox.parts.drop(self._inbox.parts.get(upload_id, bucket, name))
        else:
            self._inbox.check(bucket)
        return Response(status=204)

    def _begin(self, bucket: str, name: str) -> Response:
        self._inbox.check(bucket)
        with self._inbox.call() as call:
            upload_id = call.state.fresh_id("upl")
            self._inbox.parts.begin(upload_id, bucket, name, prefixed("x-amz-meta-"))
        return _xml(
            f"<InitiateMultipartUploadResult>{_object(bucket, name)}"
            f"<UploadId>{upload_id}</UploadId></InitiateMultipartUploadResult>"
        )


def _answered(view: Callable[..., Response]) -> Callable[..., Response]:
    """The view, whose refusals are S3's."""

    def answer(**path: str) -> Response:
        try:
            return view(**path)
        except Refusal as refusal:
            code = (
                "NoSuchUpload"
                if "uploadId" in request.args and refusal.status == 404
                else _CODES.get(refusal.status, "InvalidRequest")
            )  # not found
            text = f"<Error><Code>{code}</Code><Message>{escape(str(refusal))}</Message></Error>"
            return _xml(text, refusal.status)

    return answer


def _number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text):
        raise BadRequest("partNumber: must be a number")
    return int(text)


def _object(bucket: str, name: str) -> str:
    return f"<Bucket>{escape(bucket)}</Bucket><Key>{escape(name)}</Key>"


def _xml(text: str, status: int = 200) -> Response:
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', status, content_type="application/xml")
