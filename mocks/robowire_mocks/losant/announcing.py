"""The callback that announces a finished export."""

from __future__ import annotations

import http.client
import ipaddress
import json
import ssl
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from robowire_mocks.losant.call import Call
    from robowire_mocks.losant.jobs import Job

PATIENCE_S: float = 10.0
"""How long the receiver of a callback may take."""


def announce(call: Call, job: Job) -> int | str:
    """POST the job's notice to its callback URL; gives the status of the answer, or why there is none.

    Redirects are not followed, and nothing but this machine is called unless the world allows it.
    """
    assert job.callbackUrl is not None
    try:
        url = urlsplit(job.callbackUrl)
        host, port = url.hostname or "", url.port
    except ValueError as error:
        return f"not sent: {error}"
    if url.scheme not in {"http", "https"} or not host:
        return "not sent: it is no URL of HTTP"
    if not is_loopback(host) and host not in call.state.world.callback_hosts:
        return f"not sent: {host} is not this machine, and the world does not allow it"
    body = json.dumps(call.steps.notice(call, job)).encode()
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    connection = _connection(url.scheme, host, port)
    try:
        connection.request("POST", target, body, {"Content-Type": "application/json", "User-Agent": "robowire"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return f"not delivered: {error or type(error).__name__}"
    finally:
        connection.close()


def notice(call: Call, job: Job) -> dict[str, Any]:  # noqa: ARG001  # a step gets the call
    """What is posted: the document says only that there is a link."""
    return {"jobId": job.jobId, "applicationId": job.applicationId, "url": job.url, "expiresAt": job.expiresAt}


def is_loopback(host: str) -> bool:
    """Whether a host is this machine for certain, without asking a name server."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=PATIENCE_S)
    trusting = ssl.create_default_context()  # the receivers are tests, whose certificates nobody signed
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(host, port, timeout=PATIENCE_S, context=trusting)
