"""The inbox as Azure Blob Storage has it: block blobs put whole or in blocks; any credentials will do."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from flask import Response, request

from robowire_mocks.core.answer import Refusal
from robowire_mocks.core.bodies import read_body
from robowire_mocks.core.clock import moment
from robowire_mocks.core.http import the_mock
from robowire_mocks.foxglove.errors import BadRequest
from robowire_mocks.foxglove.inbox_routes import Inbox, prefixed

if TYPE_CHECKING:
    from flask import Flask

    from robowire_mocks.foxglove.mock import FoxgloveMock

ROOT: str = "/azure"
"""Where an account's blob endpoint is, below the mock's address: `/azure/ACCOUNT`."""

_BLOCK = re.compile(rb"<(?:Latest|Uncommitted|Committed)>\s*([^<]*?)\s*</")
_LIST_LIMIT = 8 * 1024 * 1024
_CODES = {404: "ContainerNotFound", 400: "InvalidInput", 413: "RequestBodyTooLarge", 415: "UnsupportedHeader"}


def add_azure(app: Flask) -> None:
    """Serve the buckets as containers of any account."""
    inbox = Inbox()

    def put(account: str, container: str, name: str) -> Response:
        try:
            _put(inbox, account, container, name)
        except Refusal as refusal:
            code = _CODES.get(refusal.status, "InvalidInput")
            text = f"<Error><Code>{code}</Code><Message>{escape(str(refusal))}</Message></Error>"
            return Response(text, refusal.status, {"x-ms-error-code": code}, content_type="application/xml")
        mock: FoxgloveMock = the_mock()
        seen = moment(int(mock.clock.now()))
        response = Response(status=201, headers={"x-ms-request-server-encrypted": "true"})
        response.last_modified = response.date = seen
        response.set_etag(f"{int(seen.timestamp()):x}")
        return response

    app.add_url_rule(f"{ROOT}/<account>/<container>/<any_text:name>", "azure_put", put, methods=["PUT"])


def _put(inbox: Inbox, account: str, container: str, name: str) -> None:
    """A blob, a block of one, or the list of blocks that makes it."""
    metadata = prefixed("x-ms-meta-")  # FOXGLOVE-MANAGE-341
    upload_id = f"{account}/{container}/{name}"  # a blob has its blocks by its name
    match request.args.get("comp"):
        case None:
            inbox.receive(container, name, metadata)
        case "block":
            inbox.check(container)
            with inbox.call():
                inbox.parts.begin(upload_id, container, name, {})
            inbox.receive_part(upload_id, container, name, request.args.get("blockid", ""))
        case "blocklist":
            blocks = [unescape(one.decode(errors="replace")) for one in _BLOCK.findall(read_body(_LIST_LIMIT))]
            with inbox.call():
                assembly = inbox.parts.get(upload_id, container, name)
            inbox.assemble(assembly, blocks, metadata)
        case _:
            raise BadRequest("comp: must be block or blocklist")
