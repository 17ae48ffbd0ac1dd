"""The robot of a shared world uploads its bags: by the steps that any upload takes, as the device that it is.

A bag is uploaded once, under its name, which is also its key. While there is no device of the robot's name, or no site
to upload to, nothing is.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from robowire_mocks.core.answer import Refusal
from robowire_mocks.foxglove.rows import RobotBag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from robowire_mocks.foxglove.call import Call

_BLOCK = 1024 * 1024

_log = logging.getLogger("robowire.mocks")


def upload_bags(call: Call, robot: str, bags: Iterable[Path]) -> None:
    """Upload those of the robot's bags that it has not uploaded before."""
    for bag in bags:
        if bag.name not in call.state.robot_bags:
            try:
                _upload(call, robot, bag)
            except (OSError, Refusal) as error:  # purged meanwhile, or not to be uploaded
                _log.info("%s is not uploaded: %s", bag.name, error)


def _upload(call: Call, robot: str, bag: Path) -> None:
    state, steps = call.state, call.steps
    with state.lock:
        steps.upload_site(call)
        upload = steps.new_upload(call, {"deviceName": robot, "filename": bag.name, "key": bag.name})
    stored = state.files.put(_blocks(bag))
    with state.lock:
        state.robot_bags.put(RobotBag(bag.name, upload.id))
        state.uploads.put(upload)
        steps.upload_came(call, upload, stored)


def _blocks(bag: Path) -> Iterator[bytes]:
    with bag.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
