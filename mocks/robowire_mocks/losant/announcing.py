"""The callback that announces a finished export."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from robowire_mocks.core.calling import Caller

if TYPE_CHECKING:
    from robowire_mocks.losant.call import Call
    from robowire_mocks.losant.jobs import Job


def announce(call: Call, job: Job) -> int | str:
    """POST the job's notice to its callback URL; gives the status of the answer, or why there is none.

    Nothing but this machine is called unless the world allows it.
    """
    assert job.callbackUrl is not None
    body = json.dumps(call.steps.notice(call, job)).encode()
    return Caller(call.state.world.callback_hosts).post(job.callbackUrl, body)


def notice(call: Call, job: Job) -> dict[str, Any]:  # noqa: ARG001  # a step gets the call
    """What is posted: the document says only that there is a link."""
    return {"jobId": job.jobId, "applicationId": job.applicationId, "url": job.url, "expiresAt": job.expiresAt}
