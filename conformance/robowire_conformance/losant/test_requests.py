"""Sections "Request Body", "Request Path Components" and "Error Responses" of the three actions."""

from collections.abc import Mapping

import orjson
import pytest
from robowire_fixtures.losant import PATHS

from robowire_conformance.client import Answer, NotJSON
from robowire_conformance.evidence import JSON
from robowire_conformance.gathering import Fault, Judgement
from robowire_conformance.losant.asking import JSON_BODY, DataApi, read
from robowire_conformance.losant.constraints import NO_OBJECTS
from robowire_conformance.losant.probing import AREAS, Prober
from robowire_conformance.verdict import NotTested, Violation, proves

CLIENTS_PARAMETERS = "?_actions=false&_links=true&_embedded=true"
UNKNOWN_APPLICATIONS = ("ffffffffffffffffffffffff", "0" * 24)
NO_JSON = (b"{", b'{"end": 0', b"{'end': 0}", b"end=0", b'{"end": 0,}', b"\xff\xfe{}", b'{"end": NaN}')

EXAMPLES: Mapping[str, JSON] = {
    "export": {
        "email": "export@example.com",
        "deviceIds": ["575ecf887ae143cd83dc4aa2", "575ef5c97ae143cd83dc4aac"],
        "attributes": ["voltage"],
        "end": 0,
        "options": {"includeDate": False, "includeID": True},
    },
    "lastValueQuery": {
        "deviceIds": ["575ecf887ae143cd83dc4aa2", "575ef5c97ae143cd83dc4aac"],
        "attribute": "voltage",
    },
    "timeSeriesQuery": {
        "end": 0,
        "duration": 600_000,
        "resolution": 300_000,
        "aggregation": "MEAN",
        "attributes": ["voltage"],
        "deviceTags": [{"key": "floor", "value": "8"}],
    },
}
"""The document's examples of bodies."""


def _each(number: int) -> list[object]:
    """A case per action, proving the requirement of this number of its own."""
    return [
        pytest.param(operation, marks=proves(f"LOSANT-{area}-{number}"), id=operation)
        for operation, area in AREAS.items()
    ]


@pytest.fixture
def prober(request: pytest.FixtureRequest, operation: str) -> Prober:
    """Bodies for the action at hand."""
    names = {"export": "export_prober", "lastValueQuery": "last_value_prober", "timeSeriesQuery": "time_series_prober"}
    found: Prober = request.getfixturevalue(names[operation])
    return found


@pytest.mark.parametrize("operation", _each(100))
def test_the_documented_example_is_not_malformed(prober: Prober, operation: str) -> None:
    """The document's own example of a body is not refused as malformed."""
    prober.require_discerning()
    prober.require_accepted(EXAMPLES[operation], "the documented example")


@pytest.mark.parametrize("operation", _each(102))
def test_a_body_that_is_no_object_is_400(prober: Prober, operation: str) -> None:  # noqa: ARG001  # chooses the prober
    """JSON that is no object is refused."""
    prober.require_control()
    for body in NO_OBJECTS:
        prober.require_refused(body, body)


@pytest.mark.parametrize("operation", _each(103))
def test_a_body_that_is_no_json_is_400(prober: Prober, operation: str) -> None:
    """Text that is no JSON is refused."""
    prober.require_control()
    for body in NO_JSON:
        answer = _send(prober.api, operation, body)
        if answer.status != 400:
            text = f"The body {body!r} is no JSON but not refused"
            raise Violation(text, expected=400, actual=answer.status, exchange=answer.exchange)


def _send(api: DataApi, operation: str, body: bytes | None, *, suffix: str = "", kind: str = "") -> Answer:
    headers = {**JSON_BODY, **({"Content-Type": kind} if kind else {})}
    return api.client.request("POST", api.path(PATHS[operation]) + suffix, headers=headers, content=body)


@pytest.mark.parametrize("operation", _each(104))
def test_no_member_is_required(prober: Prober, operation: str) -> None:  # noqa: ARG001
    """The empty object is a valid body."""
    prober.require_discerning()
    prober.require_accepted({}, {})


@pytest.mark.parametrize("operation", _each(105))
def test_no_body_is_the_empty_object(prober: Prober, operation: str) -> None:
    """A request without a body is answered as one with an empty object."""
    prober.require_discerning()
    if not prober.accepts(prober.send({})):
        raise NotTested(f"the empty object is not accepted (see LOSANT-{AREAS[operation]}-104)")
    answer = prober.api.client.request(
        "POST", prober.api.path(PATHS[operation]), headers={"Accept": "application/json"}
    )
    if not prober.accepts(answer):
        text = "A request without a body is not answered like one with an empty object"
        raise Violation(text, expected="the status of success", actual=answer.status, exchange=answer.exchange)


@pytest.mark.parametrize("operation", _each(106))
def test_parameters_of_the_official_clients_change_nothing(prober: Prober, operation: str) -> None:
    """_actions, _links and _embedded in the URL are ignored."""
    _require_same(prober, operation, suffix=CLIENTS_PARAMETERS)


@pytest.mark.parametrize("operation", _each(107))
def test_the_content_type_may_name_a_charset(prober: Prober, operation: str) -> None:
    """A body is read whether or not its Content-Type names UTF-8."""
    kind = "application/json;charset=utf-8"
    _require_same(prober, operation, kind=kind)
    malformed = b'{"deviceIds": 1}'
    broken = _send(prober.api, operation, malformed, kind=kind)
    if broken.status != 400 and _send(prober.api, operation, malformed).status == 400:
        text = "A malformed body is not read as JSON where the Content-Type names a charset"
        raise Violation(text, expected=400, actual=broken.status, exchange=broken.exchange)


def _require_same(prober: Prober, operation: str, *, suffix: str = "", kind: str = "") -> None:
    """A request that is dressed otherwise is answered as the plain one is, which is asked before and after it."""
    prober.require_discerning()
    before = prober.send(prober.base)
    answer = _send(prober.api, operation, orjson.dumps(prober.base), suffix=suffix, kind=kind)
    plain = prober.send(prober.base)
    still = operation != "export" and _json(before) == _json(plain)  # the devices may go on reporting
    if answer.status != plain.status or (still and _json(answer) != _json(plain)):
        text = "The answer differs from the one to the plain request"
        due = f"{plain.status} {plain.body[:300].decode(errors='replace')}"
        actual = f"{answer.status} {answer.body[:300].decode(errors='replace')}"
        raise Violation(text, expected=due, actual=actual, exchange=answer.exchange)


def _json(answer: Answer) -> JSON:
    try:
        return answer.json()
    except NotJSON:
        return answer.body.decode(errors="replace")


@pytest.mark.parametrize("operation", _each(108))
def test_an_unknown_application_is_404(prober: Prober, operation: str) -> None:
    """An application that is not there is not found."""
    prober.require_control()
    for answer in _not_found(prober, operation):
        if answer.status != 404:
            text = "An application that is not there is not answered 404"
            raise Violation(text, expected=404, actual=answer.status, exchange=answer.exchange)


def _not_found(prober: Prober, operation: str) -> list[Answer]:
    """The answers of applications that are not there."""
    elsewhere = [DataApi(prober.api.client, one) for one in UNKNOWN_APPLICATIONS]
    return [api.post(PATHS[operation], prober.base) for api in elsewhere]


OBJECT, TYPE, MESSAGE = "LOSANT-ERROR-001", "LOSANT-ERROR-002", "LOSANT-ERROR-003"


@pytest.fixture(scope="module")
def errors(time_series_prober: Prober, last_value_prober: Prober) -> Judgement:
    """The judgement on the bodies of errors."""
    judgement = Judgement()
    for prober in (time_series_prober, last_value_prober):
        prober.require_control()
        wrong: tuple[JSON, ...] = ({**prober.base, "x": 1}, {"deviceIds": 1}, [], {"deviceQuery": {"x": 1}})
        answers = [prober.send(body) for body in wrong]
        answers += [_send(prober.api, prober.operation, b"{"), *_not_found(prober, prober.operation)]
        for answer in answers:
            if answer.status in {400, 404}:
                _judge_error(answer, judgement)
    return judgement


def _judge_error(answer: Answer, judgement: Judgement) -> None:
    body = read(answer)
    if not isinstance(body, dict):
        text = answer.body[:200].decode(errors="replace")
        judgement.fault(OBJECT, Fault("An error is no JSON object", "an object", text, answer.exchange, answer.size))
        return
    judgement.saw(OBJECT)
    for requirement, member in ((TYPE, "type"), (MESSAGE, "message")):
        if isinstance(body.get(member), str):
            judgement.saw(requirement)
        else:
            text = f"The {member} of an error is no string"
            judgement.fault(requirement, Fault(text, "a string", body.get(member), answer.exchange, answer.size))


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one)) for one in (OBJECT, TYPE, MESSAGE)])
def test_errors_say_what_is_wrong(errors: Judgement, requirement: str) -> None:
    """Every 400 and 404 has an object with type and message."""
    errors.settle(requirement, without=f"no error of status 400 or 404 has an object to look at (see {OBJECT})")
