"""Deviations of attachments (page "Recording attachments")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, after, member, only
from robowire_mocks.deviations.foxglove.resources import (
    any_of,
    listed_in_object,
    missing_members,
    other_status,
    status,
    wrong_members,
)
from robowire_mocks.deviations.foxglove.selecting import aliases, slug, unread
from robowire_mocks.foxglove.attachments import ATTACHMENTS, LINK_S
from robowire_mocks.foxglove.errors import BadRequest, Unauthorized
from robowire_mocks.foxglove.links import signed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from robowire_mocks.core.answer import Answer
    from robowire_mocks.foxglove.attached import Attachment
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Recording

_LIST, _GET, _DOWNLOAD = "list_attachments", "get_attachment", "download_attachment"

listed_in_object("ATTACHMENTS-001", _LIST, "attachments")
other_status("ATTACHMENTS-002", _GET)
add("ATTACHMENTS-003", "download-attachment-307", "answer", "A download is answered 307.", status(_DOWNLOAD, 307))
add("ATTACHMENTS-003", "download-attachment-200", "answer", "A download is answered 200.", status(_DOWNLOAD, 200))


def _all(call: Call) -> list[Attachment]:
    return list(call.state.reading.attached.of(call.state, call.state.recordings))


def _other(call: Call, one: Attachment) -> Attachment:
    return next((other for other in _all(call) if other.attached.name != one.attached.name), one)


for _number, _operation in (("004", _GET), ("005", _DOWNLOAD)):
    add(
        f"ATTACHMENTS-{_number}",
        f"{_operation.replace('_', '-')}-unknown",
        "attachment_at",
        "Instead of an attachment that is not there, another one is given.",
        only(_operation, any_of(lambda state: state.reading.attached.of(state, state.recordings))),
    )

# ---- filters and sorting

for _number, _name in (("101", "recordingId"), ("103", "deviceId"), ("104", "deviceName")):
    add(
        f"ATTACHMENTS-{_number}",
        f"attachments-{slug(_name)}-ignored",
        "recordings_of",
        f"{_name} selects nothing.",
        unread(_LIST, _name),
    )
aliases("ATTACHMENTS", _LIST, "attachments", ("105", "106"), ("107", "108"))


def _any_site(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> list[Recording]:
    found: list[Recording] = honest(call, {name: value for name, value in asked.items() if name != "siteId"})
    return found


add("ATTACHMENTS-102", "attachments-site-ignored", "attachment_recordings", "siteId selects nothing.", _any_site)
add(
    "ATTACHMENTS-111",
    "attachments-by-create-time",
    "attachment_keys",
    "sortBy logTime sorts by createTime.",
    after(lambda keys: {**keys, "logTime": lambda one: one.attached.create_time_ns}),
)
add(
    "ATTACHMENTS-111",
    "attachments-by-name",
    "attachment_keys",
    "sortBy logTime sorts by name.",
    after(lambda keys: {**keys, "logTime": lambda one: one.attached.name}),
)

# ---- one of them


def _neighbour(honest: Wrapper, call: Call) -> Attachment:
    return _other(call, honest(call))


add("ATTACHMENTS-141", "get-attachment-neighbour", "attachment_at", "Another one is given.", only(_GET, _neighbour))
add(
    "ATTACHMENTS-141",
    "get-attachment-other-size",
    "get_attachment",
    "The size of a single attachment is another one than in the list.",
    member("size", lambda size: size + 1),
)
add(
    "ATTACHMENTS-142",
    "download-neighbour",
    "attachment_link",
    "A download leads to another attachment.",
    lambda honest, call, one: honest(call, _other(call, one)),
)

# ---- members

_WRONG: dict[str, tuple[str, Any]] = {
    "201": ("id", 7),
    "202": ("recordingId", None),
    "203": ("siteId", 7),
    "204": ("name", None),
    "205": ("mediaType", ["text/plain"]),
    "206": ("logTime", 1700000000),
    "207": ("createTime", None),
    "208": ("crc", "0"),
    "209": ("size", "5"),
    "210": ("fingerprint", 7),
}
wrong_members("ATTACHMENTS", "attachment", "an attachment", _WRONG)
wrong_members("ATTACHMENTS", "attachment", "an attachment", {"211": ("lakePath", 7)})
missing_members("ATTACHMENTS", "attachment", "an attachment", {number: name for number, (name, _) in _WRONG.items()})


def _shown(name: str, change: Callable[[Call, Attachment, Any], Any]) -> Wrapper:
    """A wrapper of `attachment` that shows one member otherwise."""

    def wrapper(honest: Wrapper, call: Call, one: Attachment) -> dict[str, Any]:
        shown = honest(call, one)
        return {**shown, name: change(call, one, shown.get(name))}

    return wrapper


def _other_recording(call: Call, one: Attachment, _: Any) -> str:
    return next((row.id for row in call.state.recordings if row.id != one.recording.id), "rec_none")


def _other_site(call: Call, one: Attachment, _: Any) -> str:
    return next((site.id for site in call.state.sites if site.id != one.recording.site_id), "site_none")


for _number, _slug, _summary, _name, _change in (
    ("302", "recording-anothers", "recordingId is that of another recording.", "recordingId", _other_recording),
    ("303", "site-anothers", "siteId is that of another site.", "siteId", _other_site),
    ("304", "name-cut", "The name lacks its last letter.", "name", lambda _, __, value: value[:-1] or "-"),
    ("304", "name-in-capitals", "The name is in capitals.", "name", lambda _, __, value: value.upper()),
    (
        "305",
        "media-type-of-bytes",
        "The mediaType is always application/octet-stream.",
        "mediaType",
        lambda *_: "application/octet-stream",
    ),
    (
        "306",
        "log-time-in-microseconds",
        "The logTime has microseconds.",
        "logTime",
        lambda call, one, _: call.steps.zulu(call, one.attached.log_time_ns // 1000 * 1000),
    ),
    (
        "307",
        "create-time-in-microseconds",
        "The createTime has microseconds.",
        "createTime",
        lambda call, one, _: call.steps.zulu(call, one.attached.create_time_ns // 1000 * 1000),
    ),
    (
        "307",
        "create-time-of-log",
        "The createTime is the logTime.",
        "createTime",
        lambda call, one, _: call.steps.zulu(call, one.attached.log_time_ns),
    ),
    ("308", "crc-0", "The crc is 0.", "crc", lambda *_: 0),
    ("308", "crc-signed", "The crc is negative.", "crc", lambda _, __, value: value - (1 << 32)),
    ("309", "size-of-record", "The size counts the record's head too.", "size", lambda _, __, value: value + 9),
    ("310", "fingerprint-same", "All fingerprints are equal.", "fingerprint", lambda *_: "0" * 64),
    (
        "311",
        "lake-path-always",
        "Attachments of every site have a lakePath.",
        "lakePath",
        lambda _, one, __: f"lake/{one.id}",
    ),
):
    add(f"ATTACHMENTS-{_number}", f"attachment-{_slug}", "attachment", _summary, _shown(_name, _change))


def _listed(change: Callable[[list[Attachment]], Iterable[Attachment]]) -> Wrapper:
    return after(lambda found: change(list(found)))


add(
    "ATTACHMENTS-301",
    "attachments-last-missing",
    "attachments_of",
    "The last one is missing.",
    _listed(lambda found: found[:-1] if len(found) > 1 else found),
)
add(
    "ATTACHMENTS-301",
    "attachments-one-per-content",
    "attachments_of",
    "Of attachments with the same content one is listed.",
    _listed(lambda found: {one.fingerprint: one for one in reversed(found)}.values()),
)

# ---- their content


def _shortened(honest: Wrapper, call: Call) -> Iterator[bytes]:
    return iter([b"".join(honest(call))[:-1]])


def _living(seconds: int) -> Wrapper:
    return lambda _, call, one: signed(call, f"{ATTACHMENTS}/{one.id}", seconds)


def _with_key(honest: Wrapper, call: Call) -> Iterator[bytes]:
    if "Authorization" not in call.headers:
        raise Unauthorized("an API key is needed")
    content: Iterator[bytes] = honest(call)
    return content


def _without_key(honest: Wrapper, call: Call) -> Iterator[bytes]:
    """As the links of object stores do."""
    if "Authorization" in call.headers:
        raise BadRequest("only one way to authenticate is allowed")
    content: Iterator[bytes] = honest(call)
    return content


add("ATTACHMENTS-321", "attachment-content-cut", "attachment_content", "The last byte is missing.", _shortened)
add("ATTACHMENTS-322", "attachment-link-short", "attachment_link", "Links work for 14 minutes.", _living(LINK_S - 60))
add("ATTACHMENTS-322", "attachment-link-long", "attachment_link", "Links work for a day.", _living(86400))
add(
    "ATTACHMENTS-323",
    "attachment-link-relative",
    "attachment_link",
    "The Location of a download is relative.",
    lambda honest, call, one: honest(call, one).removeprefix(call.origin),
)
add("ATTACHMENTS-326", "attachment-link-without-key", "attachment_content", "Links bear no API key.", _without_key)
add("ATTACHMENTS-324", "attachment-link-with-key", "attachment_content", "Links need an API key.", _with_key)


def _nowhere(honest: Wrapper, call: Call) -> Answer:
    answer: Answer = honest(call)
    return replace(answer, headers={"X-Location": answer.headers["Location"]})


add("ATTACHMENTS-003", "download-attachment-nowhere", _DOWNLOAD, "A download has no Location.", _nowhere)
