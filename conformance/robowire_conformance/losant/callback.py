"""Where the target can post notices of exports."""

from urllib.parse import urlsplit

from robowire_conformance.listener import LOOPBACK, Address, listening_at
from robowire_conformance.target import Target


def callback_address(target: Target) -> Address:
    """The address of the target profile (`callback_host`, `callback_port`); on loopback if the target is."""
    host = str(target.values.get("callback_host", ""))
    if not host and urlsplit(target.url).hostname in LOOPBACK:
        host = "127.0.0.1"
    return listening_at(host, int(target.values.get("callback_port", 0)))
