"""HTTPS for mocks: an authority of their own, whose certificate clients are given to trust."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import trustme
from cheroot.ssl.builtin import BuiltinSSLAdapter

if TYPE_CHECKING:
    from pathlib import Path

CA_FILE: str = "robowire-ca.pem"
"""The file that holds the certificate of the authority to be trusted."""

_LOCAL = ("localhost", "127.0.0.1", "::1")


class Authority:
    """A new authority; `file` in its folder holds its certificate. Private keys are nowhere but in this process."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA(organization_name="robowire")
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / CA_FILE
        self._ca.cert_pem.write_to_path(str(self.file))

    def adapter(self, *hosts: str) -> Any:
        """Cheroot's adapter with a new certificate for `hosts` and this machine."""
        leaf = self._ca.issue_cert(*dict.fromkeys((*hosts, *_LOCAL)))
        with leaf.private_key_and_cert_chain_pem.tempfile() as pem:
            return BuiltinSSLAdapter(pem, pem)
