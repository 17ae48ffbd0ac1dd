"""Calls that a mock makes itself, such as callbacks and webhooks: to this machine alone unless a world allows more."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection

PATIENCE_S: float = 10.0
"""How long the receiver of a call may be silent."""


class Caller:
    """Calls one receiver after the other; `hosts` are those besides this machine that may be called."""

    def __init__(self, hosts: Collection[str] = ()) -> None:
        self._hosts = hosts
        self._lock = Lock()
        self._connection: http.client.HTTPConnection | None = None
        self._ended = False

    def refused(self, url: str) -> str | None:
        """Why `url` is never called, or None."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError as error:
            return str(error)
        if parts.scheme not in {"http", "https"} or not host:
            return "it is no URL of HTTP"
        if not is_loopback(host) and host not in self._hosts:
            return f"{host} is not this machine, and the world does not allow it"
        return None

    def post(self, url: str, body: bytes, *, method: str = "POST", media_type: str = "application/json") -> int | str:
        """Send `body` to `url`; gives the status of the answer, or why there is none.

        Redirects are not followed: they could lead to another machine.
        """
        why = self.refused(url)
        if why is not None:
            return f"not sent: {why}"
        connection = _connection(url)
        try:
            connection.connect()
            self._hold(connection)
            connection.request(method, _target(url), body, {"Content-Type": media_type, "User-Agent": "robowire"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException, ValueError) as error:
            return f"not delivered: {error or type(error).__name__}"
        finally:
            self._hold(None)
            connection.close()

    def end(self) -> None:
        """Cut off the call that is being made, and refuse further ones."""
        with self._lock:
            self._ended = True
            if self._connection is not None and self._connection.sock is not None:
                with suppress(OSError):
                    self._connection.sock.shutdown(socket.SHUT_RDWR)

    def _hold(self, connection: http.client.HTTPConnection | None) -> None:
        with self._lock:
            self._connection = connection
            if connection is not None and self._ended:
                raise ConnectionAbortedError("no more calls are made")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine for certain, without asking a name server."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _connection(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=PATIENCE_S)
    trusting = ssl.create_default_context()  # the receivers are tests, whose certificates nobody signed
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(host, port, timeout=PATIENCE_S, context=trusting)
