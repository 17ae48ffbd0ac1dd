"""HTTPS for a mock: an authority of its own, whose certificate clients are given to trust."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import trustme
from cheroot.ssl.builtin import BuiltinSSLAdapter

if TYPE_CHECKING:
    from pathlib import Path

CA_FILE: str = "robowire-ca.pem"
"""The file that holds the certificate of the authority to be trusted."""

_LOCAL = ("localhost", "127.0.0.1", "::1")


def make_adapter(folder: Path, *hosts: str) -> tuple[Any, Path]:
    """Cheroot's adapter with a new certificate for `hosts` and this machine, and the file with the authority's.

    The private keys are nowhere once this returns but in this process.
    """
    authority = trustme.CA(organization_name="robowire")
    leaf = authority.issue_cert(*dict.fromkeys((*hosts, *_LOCAL)))
    folder.mkdir(parents=True, exist_ok=True)
    ca_file = folder / CA_FILE
    authority.cert_pem.write_to_path(str(ca_file))
    with leaf.private_key_and_cert_chain_pem.tempfile() as pem:
        return BuiltinSSLAdapter(pem, pem), ca_file
