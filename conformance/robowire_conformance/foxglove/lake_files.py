"""Section "List lake files": the files that there are for each recording, and what limits the list."""

from collections import Counter
from collections.abc import Mapping, Sequence

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.instants import SECOND, zulu
from robowire_conformance.foxglove.judging import Page, formed, rejects, require_rejected
from robowire_conformance.foxglove.lake import CLIPS, HOUR, Lake, Stored
from robowire_conformance.foxglove.spans import Span, meets

LIST = "FOXGLOVE-LAKE-001"
SITE_NEEDED, SITE, ID, NAME, RECORDING, KEY, START, END, START_ALONE, END_ALONE, TOPIC, LIMITED = (
    f"FOXGLOVE-LAKE-{number}" for number in range(101, 113)
)
ID_ALONE, NAME_ALONE, TOO_LONG, LONGEST, UNRANGED = (f"FOXGLOVE-LAKE-{number}" for number in range(113, 118))
SELF_HOSTED, ONE_EACH, TOPICS, PATHS = (f"FOXGLOVE-LAKE-{number}" for number in (301, 302, 304, 307))
LAKE = (
    *(LIST, SITE_NEEDED, SITE, ID, NAME, RECORDING, KEY, START, END, START_ALONE, END_ALONE, TOPIC, LIMITED),
    *(ID_ALONE, NAME_ALONE, TOO_LONG, LONGEST, UNRANGED, SELF_HOSTED, ONE_EACH, TOPICS, PATHS),
)

DAY = 24 * HOUR
OWN = frozenset(topic for _, clip in CLIPS.values() for topic in clip.topics)
"""The topics of all recordings that are put into the lake."""


def judge_lake(lake: Lake) -> Page:
    """Judge the files of recordings first, then what limits the list, then what is refused."""
    page = Page()
    early, late, other = (lake.stored[hint] for hint in ("early", "late", "other"))
    with page.about(LIST, RECORDING, ONE_EACH, TOPICS, UNRANGED, PATHS):
        replies = [lake.ask(recordingId=stored.id) for stored in (early, late, other)]
        for stored, reply in zip((early, late, other), replies, strict=True):
            _judge_files(page, RECORDING, reply, [stored])
        _judge_paths(page, replies)
    with page.about(KEY):
        for stored in (late, other):
            if lake.api.ask("GET /recordings/{keyOrId}", stored.key).done:
                _judge_files(page, KEY, lake.ask(recordingKey=stored.key), [stored])
            else:
                page.block(KEY, reason="the recordings of the lake have no key (see FOXGLOVE-MANAGE-333)")
    _judge_devices(lake, page)
    with page.about(START, END):
        _judge_ranges(lake, early, page)
    page.needs((ID,), START, END)
    with page.about(TOPIC):
        _judge_topics(lake, early, page)
    page.needs((UNRANGED, ONE_EACH, TOPICS), RECORDING, KEY, ID, NAME, START, END, TOPIC)
    page.needs((RECORDING,), TOPIC, PATHS)
    page.needs((ID,), TOPIC)
    with page.about(SITE, SELF_HOSTED):
        _judge_sites(lake, early, page)
    _judge_refusals(lake, early, page)
    return page


def _judge_files(page: Page, requirement: str, reply: Reply, recordings: Sequence[Stored]) -> None:
    """There is one file for each topic of each of the recordings, and no other one."""
    if requirement in {RECORDING, KEY} and rejects(reply):
        raise reply.violation(
            "A request without start and end is refused", expected=200, actual=reply.status, requirement=UNRANGED
        )
    items = formed(reply, requirement)
    page.saw(LIST)
    if requirement == RECORDING:
        page.saw(UNRANGED)
    due = Counter(topic for one in recordings for topic in one.contents.topics)
    got = Counter(str(topic) for item in items for topic in item.get("topics") or ())
    if got == due and len(items) == due.total():
        for one in (requirement, ONE_EACH, TOPICS):
            page.saw(one)
        return
    blamed, text = requirement, "The files are not those of what is asked for"
    if requirement == RECORDING and {*got} <= {*due} and items:
        crowded = len(items) == due.total() and any(len(item["topics"]) > 1 for item in items)
        blamed = TOPICS if crowded else ONE_EACH
        text = "There is not one file for each topic of a recording"
    elif requirement == RECORDING and len(items) == due.total() and not {*got} <= OWN:
        blamed, text = TOPICS, "The topics of a file are none that its recording has"
    page.fault(blamed, reply.fault(text, sorted(due.elements()), _shown(items)))


def _judge_paths(page: Page, replies: Sequence[Reply]) -> None:
    """Every file of each recording has a path, and no other one has it."""
    for reply in replies:
        lacking = [item.get("topics") for item in reply.body if not str(item.get("path") or "").strip()]
        page.expect(PATHS, reply, "The path of a lake file is empty", due=[], got=lacking)
    counts = Counter(str(item.get("path")) for reply in replies for item in reply.body)
    twice = sorted(path for path, times in counts.items() if times > 1)
    page.expect(PATHS, replies[-1], "Several lake files have one path", due=[], got=twice)


def _shown(items: Sequence[Mapping[str, JSON]]) -> list[JSON]:
    return [item.get("topics") for item in items]


def _judge_devices(lake: Lake, page: Page) -> None:
    start, end = _day(lake)
    for requirement, parameter, column in ((ID, "deviceId", 0), (NAME, "deviceName", 1)):
        with page.about(requirement, LONGEST):
            for number, device in enumerate(lake.devices):
                reply = lake.ask(**{parameter: device[column], "start": zulu(start), "end": zulu(end)})
                _judge_files(page, requirement, reply, lake.of(number))


def _day(lake: Lake) -> Span:
    """Most of a day, in which all recordings are."""
    start = min(one.span[0] for one in lake.stored.values()) - 5 * HOUR
    return start, start + 20 * HOUR


def _judge_ranges(lake: Lake, early: Stored, page: Page) -> None:
    """Ranges that begin and end where a recording does, and a nanosecond beside them."""
    device = lake.devices[early.device][0]
    first, last = early.span
    ranges = (
        (START, last, last + 5 * HOUR),
        (START, last + 1, last + 5 * HOUR),
        (END, first - SECOND, first),
        (END, first - SECOND, first - 1),
        (END, first - SECOND, last + HOUR),
    )
    for requirement, start, end in ranges:
        meant = [one for one in lake.of(early.device) if meets(one.span, (start, end))]
        reply = lake.ask(deviceId=device, start=zulu(start), end=zulu(end))
        formed(reply, requirement)
        due = sorted(topic for one in meant for topic in one.contents.topics)
        got = sorted(str(topic) for item in reply.require_done(requirement) for topic in item.get("topics") or ())
        page.expect(requirement, reply, "The files are not those of recordings in the range", due=due, got=got)
    _judge_beside(lake, early, page)


def _judge_beside(lake: Lake, early: Stored, page: Page) -> None:
    """Beside a recording, too, a range lets no files through of which it lies before or after it."""
    first, last = early.span
    for requirement, start, end, meets_it in (
        (START, last + 1, last + HOUR, False),
        (END, first - HOUR, first - 1, False),
        (START, last, last + HOUR, True),
        (END, first - HOUR, first, True),
    ):
        for named in {"recordingId": early.id}, {"recordingKey": early.key}:
            reply = lake.ask(**named, start=zulu(start), end=zulu(end))
            if rejects(reply):  # a recording that is not in the range, or whose key is not known, may be refused so
                continue
            got = len(formed(reply, requirement))
            if got or "recordingId" in named:
                due = len(early.contents.topics) if meets_it else 0
                page.expect(requirement, reply, "The files are not those of the range", due=due, got=got)


def _judge_topics(lake: Lake, early: Stored, page: Page) -> None:
    start, end = (zulu(time) for time in early.span)
    device = {"deviceId": lake.devices[early.device][0], "start": start, "end": end}
    topics = sorted(early.contents.topics)
    cases: Sequence[tuple[Mapping[str, JSON], str]] = (
        *(({"recordingId": early.id}, topic) for topic in (*topics, "/robowire/absent")),
        *((device, topic) for topic in (topics[0], "/robowire/absent")),
        ({"recordingKey": early.key}, topics[0]),
    )
    for named, topic in cases:
        reply = lake.ask(**named, topic=topic)
        if "recordingId" not in named and (rejects(reply) or not reply.body):
            continue  # what names the recording is another requirement
        formed(reply, TOPIC)
        due = [topic] if topic in early.contents.topics else []
        got = [name for item in reply.require_done(TOPIC) for name in item.get("topics") or ()]
        page.expect(TOPIC, reply, f"The files are not those with the topic {topic}", due=due, got=got)


def _judge_sites(lake: Lake, early: Stored, page: Page) -> None:
    """Other sites have none of the files, and those that are not self-hosted have no lake at all."""
    sites = {str(site.get("id")): site.get("type") for site in lake.api.get("/sites")}
    for site in (*(known for known, kind in sites.items() if kind == "self-hosted"), "robowire-none"):
        reply = lake.ask(siteId=site, recordingId=early.id)
        if site != lake.site and not rejects(reply):
            text = "Files are listed of another site than the one that is asked for"
            page.expect(SITE, reply, text, due=[], got=reply.require_done(SITE))
        elif site != lake.site:
            page.saw(SITE)
    for site in [known for known, kind in sites.items() if kind in {"foxglove-hosted", "edge"}][:6]:
        reply = lake.ask(siteId=site, recordingId=early.id)
        require_rejected(reply, "The lake files of a site that is not self-hosted are listed", SELF_HOSTED)
        page.saw(SELF_HOSTED)


def _judge_refusals(lake: Lake, early: Stored, page: Page) -> None:
    start, end = _day(lake)
    device_id, name = lake.devices[early.device]
    by_id, by_name = {"deviceId": device_id}, {"deviceName": name}
    recording, first, last = {"recordingId": early.id}, {"start": zulu(start)}, {"end": zulu(end)}
    cases: Sequence[tuple[str, Mapping[str, JSON], str]] = (
        (SITE_NEEDED, {"siteId": None, **recording}, "without siteId"),
        (LIMITED, {}, "of neither a device nor a recording"),
        (LIMITED, {**first, **last}, "of a range alone"),
        (LIMITED, {"topic": "/odom"}, "of a topic alone"),
        (ID_ALONE, by_id, "by deviceId alone"),
        (NAME_ALONE, by_name, "by deviceName alone"),
        (START_ALONE, {**recording, **first}, "of a recording with start and no end"),
        (START_ALONE, {**by_id, **first}, "of a device with start and no end"),
        (END_ALONE, {**recording, **last}, "of a recording with end and no start"),
        (END_ALONE, {**by_name, **last}, "of a device with end and no start"),
        (TOO_LONG, {**by_id, **first, "end": zulu(start + DAY + SECOND)}, "of more than 24 hours"),
        (TOO_LONG, {**by_name, **first, "end": zulu(start + 2 * DAY)}, "of two days"),
        (TOO_LONG, {**recording, **first, "end": zulu(start + 2 * DAY)}, "of a recording within two days"),
        (TOO_LONG, {"recordingKey": early.key, **first, "end": zulu(start + 2 * DAY)}, "by a key within two days"),
    )
    for requirement, params, text in cases:
        with page.about(requirement):
            require_rejected(lake.ask(**params), f"A request for lake files {text} is not refused", requirement)
            page.saw(requirement)
    with page.about(LONGEST):
        for params in (by_id, by_name):
            reply = lake.ask(**params, **first, end=zulu(start + DAY))
            reply.require_accepted("A range of exactly 24 hours is refused", LONGEST)
            page.saw(LONGEST)
