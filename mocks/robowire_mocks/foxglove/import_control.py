"""Imports under a test's control: held where they are, taken from stage to stage, waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robowire_mocks.foxglove.pipeline import Pipeline

_USAGE = 'send {"hold": true or false}, {"step": true or a requestId}, or {"wait": true}'


class ImportControl:
    """Moves the import pipeline from outside the API."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    def act(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Do what the body of a control asks for.

        Raises:
            ValueError: It cannot be done.
        """
        match dict(body):
            case {"hold": bool() as held, **rest} if not rest:
                self._pipeline.hold(held)
                return {"held": held}
            case {"step": str() | True as which, **rest} if not rest:
                return {"stages": self.step(None if which is True else which)}
            case {"wait": True, **rest} if not rest:
                return {"idle": self.wait()}
            case _:
                raise ValueError(_USAGE)

    def hold(self) -> None:
        """Let every import stay at its stage, those of files to come too."""
        self._pipeline.hold(held=True)

    def release(self) -> None:
        """Let imports go on."""
        self._pipeline.hold(held=False)

    def step(self, request_id: str | None = None) -> int:
        """Carry out the present stage of one import, or of all, held or not; gives how many there were.

        Raises:
            ValueError: There is no such import in progress.
        """
        stages = self._pipeline.step(request_id)
        if not stages and request_id is not None:
            raise ValueError(f"there is no import {request_id[:80]!r} in progress")
        return stages

    def wait(self) -> bool:
        """Wait until no import is in progress; False, if they are held, or it takes more than a minute."""
        return self._pipeline.wait()
