"""What official clients send beyond the reference changes nothing, and what they read is marked as JSON."""

from collections.abc import Iterator
from typing import Any

from robowire_conformance.foxglove.asking import JSON_BODY, NOTHING, Api, Reply
from robowire_conformance.foxglove.calls import LISTS, PREPARE, Calls, Ready
from robowire_conformance.verdict import proves

PARAMETERS = {"projectId": "prj_robowire", "includeDeleted": "false", "robowire": "1"}
MEMBERS: dict[str, Any] = {"projectId": "prj_robowire", "robowire": {"a": [1, None, "b"]}}


def prepared(calls: Calls, *methods: str) -> Iterator[Ready]:
    """A call of each operation of these methods that the profile allows."""
    names = (*LISTS, *PREPARE) if calls.guest is not None else LISTS
    for name in names:
        if name.startswith(methods):
            yield calls.prepare(name)


def require_the_same(plain: Reply, other: Reply, message: str) -> None:
    """Make sure that a reading is answered as another one was: with 200, and one thing as the same thing.

    Raises:
        Violation: It is answered otherwise; of the requirement that the operation works, if already the first one is.
    """
    due = plain.require_done()
    if not other.done:
        raise other.violation(message, expected=f"{plain.status}, as without it", actual=other.status)
    if not plain.call.listed and other.body != due:
        raise other.violation(message, expected=due, actual=other.body)


@proves("FOXGLOVE-ERROR-002")
def test_unknown_query_parameters_change_nothing(api: Api, calls: Calls) -> None:
    """What can be read is read as well with parameters that its operation does not have."""
    for ready in prepared(calls, "GET "):
        other = api.ask(ready.name, *ready.ids, params=PARAMETERS)
        require_the_same(ready.send(api), other, "An unknown query parameter changes the answer")


@proves("FOXGLOVE-ERROR-003")
def test_unknown_members_change_nothing(api: Api, calls: Calls) -> None:
    """What can be made and changed is so as well with members that its body does not have."""
    calls.own()
    for ready in prepared(calls, "POST ", "PATCH "):
        if ready.body is NOTHING:
            continue
        other = api.ask(ready.name, *ready.ids, body=ready.body | MEMBERS)
        if not other.done:
            calls.prepare(ready.name).send(api).require_done()
            message = "A body is refused for a member that its operation does not have"
            raise other.violation(message, expected="200, as without it", actual=other.status)


@proves("FOXGLOVE-ERROR-004")
def test_a_content_type_without_a_body_changes_nothing(api: Api, calls: Calls) -> None:
    """What can be read and deleted is so as well where the request says the type of a body that it does not have."""
    for ready in prepared(calls, "GET "):
        other = api.ask(ready.name, *ready.ids, headers=JSON_BODY)
        require_the_same(ready.send(api), other, "A Content-Type without a body changes the answer")
    for ready in prepared(calls, "DELETE "):
        other = api.ask(ready.name, *ready.ids, headers=JSON_BODY)
        if not other.done:
            ready.send(api).require_done()
            message = "A deletion is refused for a Content-Type without a body"
            raise other.violation(message, expected="200, as without it", actual=other.status)


@proves("FOXGLOVE-ERROR-005")
def test_answers_are_marked_as_json(api: Api, calls: Calls) -> None:
    """The answer of every call that succeeds has the media type application/json."""
    for ready in prepared(calls, ""):
        reply = ready.send(api)
        reply.require_done()
        kind = reply.answer.headers.get("content-type", "")
        if kind.partition(";")[0].strip().lower() != "application/json":
            raise reply.violation(
                "A successful answer is not marked as JSON",
                expected="application/json",
                actual=kind or "no Content-Type",
            )
