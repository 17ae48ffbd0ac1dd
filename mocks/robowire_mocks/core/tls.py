"""HTTPS for mocks: an authority of their own, whose certificate clients are given to trust."""

from __future__ import annotations

import ssl
from threading import Lock
from typing import TYPE_CHECKING, Any

import trustme
from cheroot.ssl.builtin import BuiltinSSLAdapter

if TYPE_CHECKING:
    from pathlib import Path

CA_FILE: str = "robowire-ca.pem"
"""The file that holds the certificate of the authority to be trusted."""

_LOCAL = ("localhost", "127.0.0.1", "::1")
_MOST = 1000  # hosts of worlds that have a certificate at once


class Authority:
    """A new authority; `file` in its folder holds its certificate. Private keys are nowhere but in this process."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA(organization_name="robowire")
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / CA_FILE
        self._ca.cert_pem.write_to_path(str(self.file))
        self._lock = Lock()
        self._contexts: dict[str, ssl.SSLContext] = {}

    def adapter(self, *hosts: str) -> Any:
        """Cheroot's adapter with a new certificate for `hosts` and this machine.

        The host of a world, which has one label more, gets a certificate of its own when it is first asked for: no
        client takes one that is for every name below `localhost`.
        """
        covered = tuple(dict.fromkeys((*hosts, *_LOCAL)))
        leaf = self._ca.issue_cert(*covered)
        with leaf.private_key_and_cert_chain_pem.tempfile() as pem:
            adapter = BuiltinSSLAdapter(pem, pem)
        told = adapter.context.sni_callback

        def asked(connection: Any, name: str | None, context: ssl.SSLContext) -> int | None:
            if name is not None and name.lower().partition(".")[2] in covered and name.lower() not in covered:
                connection.context = self._context(name.lower())
            refused: int | None = told(connection, name, context) if told else None
            return refused

        adapter.context.sni_callback = asked
        return adapter

    def _context(self, host: str) -> ssl.SSLContext:
        with self._lock:
            if host not in self._contexts:
                context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                self._ca.issue_cert(host).configure_cert(context)
                self._contexts[host] = context
                if len(self._contexts) > _MOST:
                    del self._contexts[next(iter(self._contexts))]
            return self._contexts[host]
