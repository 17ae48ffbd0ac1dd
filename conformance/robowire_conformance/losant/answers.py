"""Time series answers judged by themselves: their form, and what they repeat of the query."""

from collections.abc import Callable, Iterable, Mapping

from robowire_conformance import shape
from robowire_conformance.evidence import JSON
from robowire_conformance.gathering import Fault, Judgement
from robowire_conformance.losant.asking import Query, Series
from robowire_conformance.losant.series import milliseconds

ANSWERED = "LOSANT-TIMESERIES-001"
FRAME = tuple(f"LOSANT-TIMESERIES-{number:03}" for number in range(2, 9))
OF_DEVICES = ("LOSANT-TIMESERIES-010", "LOSANT-TIMESERIES-011", "LOSANT-TIMESERIES-012", "LOSANT-TIMESERIES-013")
OF_POINTS = ("LOSANT-TIMESERIES-014", "LOSANT-TIMESERIES-015", "LOSANT-TIMESERIES-016")
BOUNDS, RESOLUTION, AGGREGATION = "LOSANT-TIMESERIES-021", "LOSANT-TIMESERIES-022", "LOSANT-TIMESERIES-023"
LIMIT, ORDER = "LOSANT-TIMESERIES-024", "LOSANT-TIMESERIES-025"
FORM_OF = {
    RESOLUTION: "LOSANT-TIMESERIES-004",
    AGGREGATION: "LOSANT-TIMESERIES-005",
    LIMIT: "LOSANT-TIMESERIES-006",
    ORDER: "LOSANT-TIMESERIES-007",
}
"""What is not of the documented form cannot repeat anything."""
EMPTY: tuple[JSON, ...] = ([], [{}])
"""Selectors that name nothing."""


def judge_answers(answers: Iterable[Series]) -> Judgement:
    """Judge the answers to valid queries."""
    judgement = Judgement()
    for series in answers:
        if 400 <= series.answer.status < 500 and _on_an_edge(series.query):
            continue
        if series.answer.status != 200 or not isinstance(series.body, dict):
            text = "A valid time series query is not answered with an object"
            judgement.fault(ANSWERED, series.fault(text, "200 with a JSON object", series.answer.status))
            continue
        broken = _judge_form(series, judgement)
        # A server that echoes the whole query would repeat all of it.
        for requirement, judge in ECHOES.items() if series.answered else ():
            found = judge(series.query, series.body) if FORM_OF.get(requirement) not in broken else None
            if found is None:
                continue
            due, got = found
            if due == got:
                judgement.saw(requirement)
            else:
                judgement.fault(requirement, series.fault("The answer does not repeat what was asked for", due, got))
    return judgement


def _on_an_edge(query: Query) -> bool:
    """Whether it is the schema's edges that tell if a query is valid: a device query, or a selector of nothing."""
    return "deviceQuery" in query or any(query.get(name) in EMPTY for name in ("deviceIds", "deviceTags"))


def _judge_form(series: Series, judgement: Judgement) -> set[str]:
    """Judge an answer by the schema, and give the requirements that it breaks."""
    findings = shape.findings("losant", "TimeSeriesData", series.body)
    for finding in findings:
        judgement.fault(finding.requirement, _fault(series, finding))
    broken = {finding.requirement for finding in findings}
    if any(device.points for device in (series.devices or {}).values()):
        # An answer without points proves nothing: any constant could be one.
        for requirement in (ANSWERED, *FRAME, *OF_DEVICES, *OF_POINTS):
            if requirement not in broken:
                judgement.saw(requirement)
    return broken


def _fault(series: Series, finding: shape.Finding) -> Fault:
    return Fault(finding.message, finding.expected, finding.actual, series.answer.exchange, series.answer.size)


Echo = tuple[JSON, JSON] | None
"""What was due and what came; None where the query does not tell what is due."""


def _bounds(query: Query, body: Mapping[str, JSON]) -> Echo:
    if _normal(query.get("aggregation")) != ("NONE", {}):
        return None
    due = {name: query[name] for name in ("start", "end") if query.get(name, 0) > 0}
    if not due or ("duration" in query and "start" in query):
        return None
    try:
        return due, {name: milliseconds(body[name]) for name in due}
    except (KeyError, TypeError, ValueError):
        return None  # its form is wrong, which is judged as such


def _resolution(query: Query, body: Mapping[str, JSON]) -> Echo:
    raw = _normal(query.get("aggregation"))[0] in {"NONE", "TIMEATVALUE"}
    return None if raw or query.get("resolution", 0) <= 0 else (query["resolution"], body.get("resolution"))


def _aggregation(query: Query, body: Mapping[str, JSON]) -> Echo:
    if "aggregation" not in query or "aggregation" not in body:
        return None
    return _normal(query["aggregation"]), _normal(body["aggregation"])


def _normal(aggregation: JSON) -> tuple[JSON, JSON]:
    """An aggregation in whichever form as its type and its options."""
    if isinstance(aggregation, dict):
        return aggregation.get("type"), aggregation.get("options") or {}
    return aggregation, {}


def _limit(query: Query, body: Mapping[str, JSON]) -> Echo:
    return (query["limit"], body.get("limit")) if "limit" in query else None


def _order(query: Query, body: Mapping[str, JSON]) -> Echo:
    return (query["order"], body.get("order")) if "order" in query else None


ECHOES: Mapping[str, Callable[[Query, Mapping[str, JSON]], Echo]] = {
    BOUNDS: _bounds,
    RESOLUTION: _resolution,
    AGGREGATION: _aggregation,
    LIMIT: _limit,
    ORDER: _order,
}
