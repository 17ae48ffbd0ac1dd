"""A recording that is deleted, and what there was and is of its data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.contents import Contents, Unreadable, read_contents
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import SECOND, nanoseconds, zulu
from robowire_conformance.foxglove.judging import formed
from robowire_conformance.foxglove.samples import EPOCH, Clip, Extra, small
from robowire_conformance.foxglove.uploads import Uploaded
from robowire_conformance.verdict import NotTested

READ, DELETE = "GET /recordings/{keyOrId}", "DELETE /recordings/{keyOrId}"
ATTACHMENT, DOWNLOAD = "GET /recording-attachments/{id}", "GET /recording-attachments/{id}/download"
LATER = 400 * SECOND
"""When recordings that are to be deleted take place: after those of the library."""

DAY = 24 * 3600 * SECOND

MESSAGES, COVERAGE, TOPICS = "messages", "coverage", "topics"
BY_ID, BY_KEY = "FOXGLOVE-RECORDINGS-153", "FOXGLOVE-RECORDINGS-154"
NOBODY = "robowire-no-such-recording"


@dataclass(frozen=True, slots=True)
class Doomed:
    """A recording, the answer to its deletion, and what was there before.

    `way` is the requirement of how it was named; `names` are the texts that gave it, `neighbours` the ids of
    recordings that were uploaded beside it.
    """

    guest: Guest
    uploaded: Uploaded
    reply: Reply
    way: str
    names: tuple[str, ...]
    neighbours: tuple[str, ...]
    were_listed: bool
    data: Mapping[str, bool]
    elsewhere: Mapping[str, bool]
    was_covered: bool
    attachments: tuple[str, ...]

    @property
    def api(self) -> Api:
        """The target."""
        return self.guest.api

    @property
    def still_given(self) -> bool:
        """Whether the recording is given by its id."""
        return self.gives(self.uploaded.id)

    def gives(self, known: str) -> bool:
        """Whether an id or a key gives the recording."""
        reply = self.api.ask(READ, known)
        body: Any = reply.body if 200 <= reply.status < 300 else None
        return isinstance(body, dict) and body.get("id", self.uploaded.id) == self.uploaded.id

    def require_done(self) -> Any:
        """The body of the answer to the deletion.

        Raises:
            Violation: It was refused.
        """
        return self.reply.require_done(self.way)

    def require_gone(self) -> None:
        """Make sure that the recording itself is deleted, whatever there is of its data.

        Raises:
            Violation: It is still given.
        """
        self.require_done()
        if self.still_given:
            raise self.reply.violation("A recording is not deleted", requirement=self.way)

    def require_data_before(self) -> None:
        """Make sure that its data were seen before it was deleted.

        Raises:
            NotTested: Some were not.
        """
        lacking = [what for what, there in self.data.items() if not there]
        if lacking:
            raise NotTested(f"before its deletion the recording showed no {', '.join(lacking)}")

    @property
    def still_covered(self) -> bool:
        """Whether the coverage of its device has it."""
        return covers(self.api, self.uploaded)

    def data_left(self) -> Mapping[str, bool]:
        """Which of its data there are."""
        return data_of(self.api, self.uploaded)

    def elsewhere_left(self) -> list[str]:
        """Which of its data there are in other ways, of those in which there were some before."""
        return [
            what for what, there in data_elsewhere(self.api, self.uploaded).items() if there and self.elsewhere[what]
        ]

    def attachments_left(self) -> Mapping[str, list[str]]:
        """Which of its attachments are listed, given and downloaded."""
        listed = attachments_of(self.api, self.uploaded.id)
        discerned = not self.api.ask(ATTACHMENT, NOBODY).done and not _downloads(self.api, NOBODY)
        given = [one for one in self.attachments if discerned and self.api.ask(ATTACHMENT, one).done]
        downloaded = [one for one in self.attachments if discerned and _downloads(self.api, one)]
        return {"listed": [*listed], "given": given, "downloaded": downloaded}


def doomed(guest: Guest, *, keyed: bool, start: int = LATER) -> Doomed:
    """Upload a recording between two others, and delete it by its id or its key."""
    device = str(guest.device("doomed")["id"])
    words = ("before", "doomed", "after")
    first, uploaded, last = (_upload(guest, device, word, number, start) for number, word in enumerate(words))
    api = guest.api
    listed = uploaded.id in {one.get("id") for one in api.get("/recordings", deviceId=device)}
    data, elsewhere = data_of(api, uploaded), data_elsewhere(api, uploaded)
    attachments, covered = attachments_of(api, uploaded.id), covers(api, uploaded)
    way, name = (BY_KEY, str(uploaded.key)) if keyed else (BY_ID, uploaded.id)
    reply = api.ask(DELETE, name)
    names, neighbours = (uploaded.id, str(uploaded.key)), (first.id, last.id)
    return Doomed(guest, uploaded, reply, way, names, neighbours, listed, data, elsewhere, covered, attachments)


def _upload(guest: Guest, device: str, word: str, number: int, start: int) -> Uploaded:
    name = guest.name(word)
    clip = small(name, start=start + number * 60 * SECOND)
    extra = Extra(f"{word}.txt", "text/plain", name.encode(), SECOND, SECOND)
    whole = Clip(clip.start, clip.tracks, (extra,), mark=name)
    return guest.uploads.upload(f"{name}.mcap", whole.mcap(), deviceId=device, key=f"{name}-key")


def data_of(api: Api, uploaded: Uploaded) -> dict[str, bool]:
    """Whether there are messages, coverage and topics of a recording."""
    spans: dict[str, Any] = {"start": zulu(EPOCH - DAY), "end": zulu(EPOCH + DAY)}
    return {
        MESSAGES: streams(api, uploaded.id),
        COVERAGE: tells(api, "GET /data/coverage", {"recordingId": uploaded.id}, {"recordingId": NOBODY}, spans),
        TOPICS: tells(api, "GET /data/topics", {"recordingId": uploaded.id}, {"recordingId": NOBODY}),
    }


def data_elsewhere(api: Api, uploaded: Uploaded) -> dict[str, bool]:
    """Whether there are such data, and attachments, where they are asked for in another way than by recordingId.

    What is asked for in the same way for what there is not is empty, or else it tells nothing.
    """
    spans: dict[str, Any] = {"start": zulu(EPOCH - DAY), "end": zulu(EPOCH + DAY)}
    found: dict[str, bool] = {}
    for name, known in (("recordingKey", uploaded.key), ("importId", uploaded.import_id)):
        if known is not None:
            own, none = {name: known}, {name: NOBODY}
            found[f"messages by {name}"] = _has_messages(streamed(api, own)) and not _has_messages(streamed(api, none))
            found[f"coverage by {name}"] = tells(api, "GET /data/coverage", own, none, spans)
            found[f"topics by {name}"] = tells(api, "GET /data/topics", own, none)
    return {**found, **_of_device(api, uploaded)}


def _of_device(api: Api, uploaded: Uploaded) -> dict[str, bool]:
    """What there is of a recording by its device and its times, at which the device has no other recording."""
    start, end = (nanoseconds(uploaded.body.get(name)) for name in ("start", "end"))
    if start is None or end is None or uploaded.device_id is None:
        return {}
    within = {"start": zulu(start), "end": zulu(end)}
    own, nobody = {"deviceId": uploaded.device_id, **within}, {"deviceId": NOBODY, **within}
    idle = [
        {"deviceId": uploaded.device_id, "start": zulu(start + shift), "end": zulu(end + shift)}
        for shift in (-DAY, DAY)  # before all recordings of the device, and after them
    ]
    strays = [streamed(api, one) for one in (nobody, *idle)]
    return {
        "messages by device": _has_messages(streamed(api, own)) and not any(_has_messages(one) for one in strays),
        "topics by device": all(tells(api, "GET /data/topics", own, one) for one in (nobody, *idle)),
    }


def covers(api: Api, uploaded: Uploaded) -> bool:
    """Whether the coverage of a recording's device has the times of its messages, and no others around them."""
    start, end = (nanoseconds(uploaded.body.get(name)) for name in ("start", "end"))
    if start is None or end is None:
        return False
    window = {"start": zulu(start), "end": zulu(end), "tolerance": 0}
    reply = api.ask("GET /data/coverage", params={"deviceId": uploaded.device_id, **window})
    return reply.done and any(
        told is not None and start <= told <= end
        for one in (reply.body if isinstance(reply.body, list) else ())
        for told in (nanoseconds(one.get("start")), nanoseconds(one.get("end")))
    )


def tells(
    api: Api, name: str, own: Mapping[str, Any], none: Mapping[str, Any], params: Mapping[str, Any] | None = None
) -> bool:
    """Whether a list has something for a recording, and nothing for one that there is not."""
    due, stray = (api.ask(name, params={**one, **(params or {})}) for one in (own, none))
    return due.done and bool(due.body) and not (stray.done and stray.body)


def streams(api: Api, recording_id: str) -> bool:
    """Whether a stream of a recording has messages; its own checks judge in which formats, and how well they are.

    Raises:
        Violation: As `streamed`.
    """
    return _has_messages(streamed(api, {"recordingId": recording_id}))


def streamed(api: Api, asked: Mapping[str, Any]) -> Contents | None:
    """What is streamed of what is asked for; None where nothing is, or nothing that can be read.

    Raises:
        Violation: The request succeeds, and is not answered as documented.
    """
    reply = api.ask("POST /data/stream", body={**asked, "outputFormat": "mcap"})
    if reply.refused:
        reply = api.ask("POST /data/stream", body=asked)
    if 200 <= reply.status < 300:
        formed(reply)
    link = reply.body.get("link") if reply.done and isinstance(reply.body, dict) else None
    if not isinstance(link, str):
        return None
    if "://" not in link:
        raise NotTested("the link to a stream is not absolute (see FOXGLOVE-STREAM-305)")
    answer = api.with_token("").client.get(link)
    if answer.status in {401, 403}:  # which is judged elsewhere
        answer = api.client.get(link)
    try:
        return read_contents(answer.body) if 200 <= answer.status < 300 else None
    except Unreadable:
        return None


def _has_messages(contents: Contents | None) -> bool:
    return contents is not None and bool(contents.messages)


def attachments_of(api: Api, recording_id: str) -> tuple[str, ...]:
    """The ids of a recording's attachments; none where there are some for what is no recording, too."""
    reply, stray = (
        api.ask("GET /recording-attachments", params={"recordingId": one}) for one in (recording_id, NOBODY)
    )
    discerned = reply.done and not (stray.done and stray.body)
    return tuple(str(one.get("id")) for one in reply.body) if discerned else ()


def _downloads(api: Api, attachment: str) -> bool:
    reply = api.ask(DOWNLOAD, attachment)
    location = reply.answer.headers.get("location")
    return reply.done and bool(location) and api.with_token("").client.get(str(location)).status == 200
