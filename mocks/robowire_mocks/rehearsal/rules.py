"""What is right when something goes wrong, rule by rule; each gives what a client did against it, or nothing.

Which of them a scenario asks for, how binding it is there, and where it is said so, stands in the scenarios' files.
"""

from __future__ import annotations

from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from robowire_mocks.rehearsal.story import begin_of, is_link, is_part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.core.entry import Entry
    from robowire_mocks.rehearsal.story import Story

SLACK_S: float = 0.05
"""By how much a client may be too early: clocks have grains."""

AT_ONCE_S: float = 0.05
"""A client that asks again sooner than this has not waited."""

FAIR_AT_ONCE: int = 1
"""So often one may ask again at once."""

MANY: int = 20
"""A client that asks for the same thing more often than this does not give up."""

INSISTING: int = 3
"""A client that asks more often than this for what is refused insists."""

_DEVICE = frozenset({"deviceId", "deviceName", "device.id", "device.name"})
_TELL_OF_UPLOADS = frozenset({"recordings", "imports", "pending-imports", "coverage", "topics"})
_REFUSED = 400
_CONFLICT = 409
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def says_so(story: Story) -> str:
    """What it never got it does not take for got: it ends with an error, or asks until it has it."""
    lost = [entry for entry in story.wanted if not story.got(entry)]
    return f"it ended as if it had it, but never got it whole: {_told(lost[0])}" if lost and story.said.done else ""


def says_so_or_looks(story: Story) -> str:
    """The same; or it looks whether it was done after all."""
    for entry in story.wanted:
        asked = story.origin_of(entry)
        anew = asked.operation if asked is not None and is_link(entry) else None  # another link is another try
        looked = any(
            story.same(entry, other) or _is_look(entry, other) or (anew is not None and other.operation == anew)
            for other in story.after(entry)
        )
        if story.said.done and not story.got(entry) and not looked:
            return f"it ended as if it were done, and did not look: {_told(entry)}"
    return ""


def asks_again(story: Story) -> str:
    """It asks again for what it did not get."""
    lost = [entry for entry in story.wanted if not story.repeats(entry)]
    return f"it did not ask again: {_told(lost[0])}" if lost else ""


def waits(story: Story) -> str:
    """It asks again when it was told to, and no sooner."""
    for entry in story.struck:
        again, due = story.next_repeat(entry), story.due_at(entry)
        if again is None or due is None or story.usual(entry) > 1:
            continue
        if again.at < due - SLACK_S:
            early = due - again.at
            return f"it asked again {early:.2f} s before it was told to (Retry-After): {_told(entry)}"
    return ""


def backs_off(story: Story) -> str:
    """It does not ask again and again without a pause; one second try at once is fair."""
    for entry in story.wanted:
        tries = (entry, *story.repeats(entry))
        pauses = [later.at - earlier.answered_at for earlier, later in pairwise(tries) if earlier in story.struck]
        if pauses and max(pauses) < AT_ONCE_S and len(pauses) > FAIR_AT_ONCE and story.usual(entry) == 1:
            return f"it asked {len(pauses)} times again without a pause: {_told(entry)}"
    return ""


def gives_up(story: Story) -> str:
    """It does not ask for ever."""
    return _too_often(story, MANY)


def does_not_insist(story: Story) -> str:
    """It does not ask again and again for what is refused."""
    return _too_often(story, INSISTING)


def no_blind_repeat(story: Story) -> str:
    """It does not send again what may have been done, unless it looks first."""
    return "; ".join(filter(None, (_repeated(story, entry) for entry in story.wanted if entry.method not in _SAFE)))


def _repeated(story: Story, entry: Entry) -> str:
    again = story.next_repeat(entry)
    if again is None:
        return ""
    if again.status >= _REFUSED:  # the server noticed, and that tells as much as a look, once
        told = sum(other.status == _CONFLICT for other in story.repeats(entry))
        insisted = told > story.usual(entry)
        return f"it sent again {told} times what was refused as being there already: {_told(entry)}" if insisted else ""
    if any(_is_look(entry, other) for other in story.after(entry) if other.number < again.number):
        return ""
    return f"it sent again what may have been done, without a look: {_told(entry)}; now it is there twice"


def keeps_its_key(story: Story) -> str:
    """What belongs to no device it uploads again under the same key alone, by which it is known to be the same."""
    for entry in story.wanted:
        asked = story.origin_of(entry)
        first = _read(asked)
        for other in story.after(entry):
            again = _read(other) if asked is not None and other.operation == asked.operation else {}
            another = again.get("filename") == first.get("filename") and again.get("key") != first.get("key")
            if another and not _DEVICE.intersection(first):  # the same content of a device is processed once anyway
                return (
                    f"it uploaded {first['filename']} again, under another key: {_told(entry)}; now it is there twice"
                )
    return ""


def new_link(story: Story) -> str:
    """It asks for a new link in place of one whose time is over."""
    lost = [entry for entry in story.wanted if not story.got(entry)]
    return f"it did not ask for a new link: {_told(lost[0])}" if lost else ""


def leaves_no_hole(story: Story) -> str:
    """What it asks for after a break begins where the rest broke off, or before."""
    for entry in story.struck:
        has = begin_of(entry) + entry.answer_size
        again = story.next_repeat(entry)
        if again is not None and is_part(again) and begin_of(again) > has:
            return f"it had {has} bytes and went on from byte {begin_of(again)}: {_told(entry)}"
    return ""


def tolerates(story: Story) -> str:
    """It bears what it does not know."""
    return "" if story.said.done or not story.struck else f"it failed: {story.said.text or 'it says so'}"


def goes_on(story: Story) -> str:
    """What is gone does not keep it from the rest."""
    if story.honest is None or not story.struck:
        return ""
    first = story.struck[0]
    usual = {entry.target for entry in story.honest if entry.operation == first.operation}
    asked = {entry.target for entry in story.entries if entry.operation == first.operation}
    missing = sorted(usual - asked)
    return f"it did not ask for the rest, such as {missing[0]}: {_told(first)}" if missing else ""


def keeps_secrets(story: Story) -> str:
    """The key goes to the API and to nobody else."""
    for entry in story.entries:
        if entry.headers.get("Host", "") == story.elsewhere and "Authorization" in entry.headers:
            return f"it sent its key to another host, {story.elsewhere}: {_told(entry)}"
    return ""


def takes_deliveries(story: Story) -> str:
    """Its endpoint says yes to what is delivered, each time."""
    for number, outcome in enumerate(story.deliveries, 1):
        if not (isinstance(outcome, int) and 200 <= outcome < 300):
            return f"its endpoint answered delivery {number} with {outcome}"
    return ""


def acts_once(story: Story) -> str:
    """What is told twice it does once."""
    done: set[tuple[str, str, bytes]] = set()
    for entry in story.entries:
        deed = (entry.method, entry.target, entry.body)
        if entry.method not in _SAFE and not is_link(entry) and deed in done:
            return f"it did the same twice: {_told(entry)}"
        done.add(deed)
    return ""


def keeps_tokens_out_of_urls(story: Story) -> str:
    """The key stands in a header, where logs do not show it."""
    for entry in story.entries:
        if story.token and story.token in f"{entry.path}?{entry.query}":
            return f"it put its key into the URL of {entry.method} {entry.path}"
    return ""


def _is_look(entry: Entry, other: Entry) -> bool:
    """Whether a request shows what became of another one: it reads the same thing, or what it belongs to."""
    if other.method not in _SAFE:
        return False
    if is_link(entry):
        return any(part in _TELL_OF_UPLOADS for part in other.path.split("/"))
    return other.path.startswith(entry.path) or entry.path.startswith(f"{other.path}/")


def _too_often(story: Story, most: int) -> str:
    for entry in story.wanted:
        count = 1 + len(story.repeats(entry))
        if count > most * story.usual(entry):
            return f"it asked {count} times: {_told(entry)}"
    return ""


def _read(entry: Entry | None) -> dict[str, Any]:
    """The JSON object of a request's body; an empty one if it has none."""
    try:
        body = entry.json if entry is not None else {}
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _told(entry: Entry) -> str:
    answer = str(entry.status or "nothing") + (", cut off" if entry.cut and entry.status else "")
    return f"{entry.method} {entry.target} (answered {answer})"


RULES: Mapping[str, Callable[[Story], str]] = MappingProxyType(
    {
        "says-so": says_so,
        "says-so-or-looks": says_so_or_looks,
        "asks-again": asks_again,
        "waits": waits,
        "backs-off": backs_off,
        "gives-up": gives_up,
        "does-not-insist": does_not_insist,
        "no-blind-repeat": no_blind_repeat,
        "keeps-its-key": keeps_its_key,
        "new-link": new_link,
        "leaves-no-hole": leaves_no_hole,
        "tolerates": tolerates,
        "goes-on": goes_on,
        "keeps-secrets": keeps_secrets,
        "takes-deliveries": takes_deliveries,
        "acts-once": acts_once,
        "keeps-tokens-out-of-urls": keeps_tokens_out_of_urls,
    }
)
"""The rules by the names that scenarios give them."""
