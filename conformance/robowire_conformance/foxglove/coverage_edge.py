"""Sections "List coverage" and "List topics": recordings that are not imported, at an edge site or with an agent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.coverage import Cover, ranges, shown
from robowire_conformance.foxglove.instants import SECOND, nanoseconds, zulu
from robowire_conformance.foxglove.judging import Page, formed
from robowire_conformance.foxglove.shelf import Shelf
from robowire_conformance.foxglove.spans import Span, meets
from robowire_conformance.foxglove.whole import whole
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested

EXCLUDED, INCLUDED, BY_DEFAULT = (f"FOXGLOVE-COVERAGE-{number}" for number in (117, 118, 119))
AT_EDGE, AWAITED, TELLS, STATUS = (f"FOXGLOVE-COVERAGE-{number}" for number in range(306, 310))
AGENTS = "FOXGLOVE-COVERAGE-313"
TOPICS_ALONE, TOPICS_OTHERWISE = "FOXGLOVE-TOPICS-307", "FOXGLOVE-TOPICS-308"
EDGE = (EXCLUDED, INCLUDED, BY_DEFAULT, AT_EDGE, TELLS, STATUS, AGENTS)
EDGE_TOPICS = (TOPICS_ALONE, TOPICS_OTHERWISE)

NOT_FOUND = 404
HOUR = 3600 * SECOND
PENDING = frozenset({"pending", "importing"})


@dataclass(frozen=True, slots=True)
class Edge:
    """A recording that is not imported, as it is read."""

    api: Api
    body: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.body["id"])

    @property
    def span(self) -> Span:
        """The times of its first and its last message.

        Raises:
            NotTested: It does not tell them.
        """
        start, end = nanoseconds(self.body.get("start")), nanoseconds(self.body.get("end"))
        if start is None or end is None:
            raise NotTested("the recording does not tell the times of its first and its last message")
        return start, end

    def coverage(self, **params: JSON) -> Reply:
        """Coverage around it."""
        start, end = self.span
        window = {"start": zulu(start - HOUR), "end": zulu(end + HOUR), "limit": 1000, "offset": 0}
        return self.api.ask("GET /data/coverage", params={**window, **params})


def named(target: Target, api: Api, key: str) -> Reply:
    """The answer that gives a recording which the target profile names.

    Raises:
        NotTested: The profile names none, or none that is there, or that tells its id.
    """
    known = str(target.need(key))
    reply = api.ask("GET /recordings/{keyOrId}", known)
    listed: Any = whole(api, "GET /recordings").require_done() if reply.status == NOT_FOUND else [{"id": known}]
    if known not in {one.get("id") for one in listed}:
        raise NotTested(f"{key} of the target profile, {known}, is no recording on the target")
    if reply.done and not isinstance(reply.body.get("id"), str):
        raise NotTested("the recording is given without an id that is a string (see FOXGLOVE-RECORDINGS-201)")
    return reply


def not_imported(target: Target, api: Api, key: str = "edge_recording_id") -> Edge:
    """The recording that is not imported which the target profile names.

    Raises:
        NotTested: There is none, or it is imported.
    """
    found: Any = named(target, api, key).require_done()
    edge = Edge(api, found)
    if edge.body.get("importStatus") != "none":
        raise NotTested(f"the recording that {key} names has been imported, or is about to be")
    return edge


def judge_edge(target: Target, api: Api) -> Page:
    """Judge what coverage tells of a recording that is not imported, with it and without."""
    page = Page()
    with page.about(*EDGE):
        edge = not_imported(target, api)
        _judge_included(edge, page, INCLUDED)
        for requirement, params in ((EXCLUDED, {"includeEdgeRecordings": "false"}), (BY_DEFAULT, {})):
            with page.about(requirement):
                _judge_excluded(edge, page, requirement, params)
        with page.about(AGENTS):
            _judge_included(not_imported(target, api, "agent_recording_id"), page, AGENTS)
    page.needs((INCLUDED,), AT_EDGE, STATUS, AGENTS)
    return page


def judge_own(shelf: Shelf, page: Page) -> None:
    """The suite's own recordings tell that they are imported too where edge recordings are included."""
    cover = Cover(shelf)
    with page.about(TELLS, STATUS):
        reply = cover.ask(includeEdgeRecordings="true")
        formed(reply, INCLUDED)
        for item in cover.own(reply):
            if page.expect(TELLS, reply, "A range has no importStatus", due=True, got="importStatus" in item):
                text = "The importStatus of a range of imported recordings is another one"
                page.expect(STATUS, reply, text, due="complete", got=item["importStatus"])


def _named(edge: Edge) -> Sequence[Mapping[str, JSON]]:
    """The ways to ask for a recording's coverage."""
    device = edge.body.get("device")
    return [{"recordingId": edge.id}, *([{"deviceId": device["id"]}] if isinstance(device, dict) else [])]


def _judge_included(edge: Edge, page: Page, requirement: str) -> None:
    for named in _named(edge):
        reply = edge.coverage(includeEdgeRecordings="true", **named)
        body = formed(reply, requirement)
        found = [item for item in body if any(meets(edge.span, one) for one in ranges(reply, [item]))]
        others = [item for item in found if item.get("status") == "imported"]
        text = "A recording that is not imported is not covered although edge recordings are included"
        if not page.expect(requirement, reply, text, due=True, got=len(found) > len(others) or bool(others[1:])):
            continue
        own = [item for item in found if item not in others]
        for item in body:
            page.expect(TELLS, reply, "A range has no importStatus", due=True, got="importStatus" in item)
        if not any(item.get("status") == "at-edge" for item in own):
            text = "The status of a range of data at the edge is another one"
            page.fault(AT_EDGE, reply.fault(text, "at-edge", [item.get("status") for item in own]))
        else:
            page.saw(AT_EDGE)
        told = [item.get("importStatus", "none") for item in own]
        if "none" in told:
            page.saw(STATUS)
        else:
            text = "The importStatus of a range is not that of its recordings"
            page.fault(STATUS, reply.fault(text, "none", told))


def _judge_excluded(edge: Edge, page: Page, requirement: str, params: Mapping[str, JSON]) -> None:
    for named in _named(edge):
        reply = edge.coverage(**params, **named)
        body = reply.require_done(requirement)
        stray = [item for item in body if item.get("status") != "imported"] if "deviceId" in named else body
        stray = [item for item in stray if any(meets(edge.span, one) for one in ranges(reply, [item]))]
        text = "A recording that is not imported is covered"
        page.expect(requirement, reply, text, due=[], got=shown(ranges(reply, stray)))


def require_awaited(edge: Edge, seen: Sequence[Reply]) -> None:
    """Make sure that the coverage of a recording whose import was asked for awaits it; `seen` meanwhile.

    Raises:
        Violation: The status is another one.
        NotTested: The import was complete before it could be seen.
    """
    for reply in seen:
        body = formed(reply, INCLUDED)
        told = [item.get("status") for item in body if any(meets(edge.span, one) for one in ranges(reply, [item]))]
        if told != ["import-pending"]:
            text = "The status of a range whose recording is about to be imported is another one"
            raise reply.violation(text, expected=["import-pending"], actual=told)
    if not seen:
        raise NotTested("an import from the edge is complete at once")


def require_awaited_status(edge: Edge, seen: Sequence[Reply]) -> None:
    """Make sure that a range whose recording is about to be imported tells so in its importStatus, if it does.

    Raises:
        Violation: It tells that no import was asked for, or that it is over.
        NotTested: No range has told it.
    """
    told = [
        (reply, str(item["importStatus"]))
        for reply in seen
        for item in formed(reply, INCLUDED)
        if item.get("importStatus") is not None and any(meets(edge.span, one) for one in ranges(reply, [item]))
    ]
    if not told:
        raise NotTested("no range has told the importStatus of a recording that is about to be imported")
    for reply, status in told:
        if status in {"none", "complete"}:
            text = "The importStatus of a range whose recording is about to be imported is another one"
            raise reply.violation(text, expected=sorted(PENDING), actual=status)


def judge_edge_topics(target: Target, api: Api) -> Page:
    """Judge the topics of a recording that is not imported: alone they are given, with other parameters not."""
    page = Page()
    with page.about(*EDGE_TOPICS):
        edge = not_imported(target, api)
        alone = api.ask("GET /data/topics", params={"recordingId": edge.id})
        with page.about(TOPICS_ALONE):
            found = alone.require_done(TOPICS_ALONE)
            text = "The topics of a recording that is not imported are not given"
            page.expect(TOPICS_ALONE, alone, text, due=True, got=bool(found))
        start, end = (zulu(time) for time in edge.span)
        others: list[dict[str, JSON]] = [{"includeSchemas": "true"}, {"start": start, "end": end}]
        others += [dict(named) for named in _named(edge)[1:]]
        others += [{"includeSchemas": "false"}, {"sortBy": "topic"}, {"limit": 1000}, {"offset": 0}]
        nothing = api.ask("GET /data/topics", params={"recordingId": f"{edge.id}-none", "includeSchemas": "true"})
        if nothing.done and nothing.body:
            raise NotTested("recordingId lets topics of other recordings through (see FOXGLOVE-TOPICS-104)")
        for params in others:
            with page.about(TOPICS_OTHERWISE):
                reply = api.ask("GET /data/topics", params={"recordingId": edge.id, **params})
                text = f"Topics of a recording that is not imported are given with {', '.join(params)}"
                page.expect(TOPICS_OTHERWISE, reply, text, due=[], got=reply.require_done(TOPICS_OTHERWISE))
    return page
