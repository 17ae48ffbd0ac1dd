"""Deviations of pages and of the direction of sorts, in each list that has them (section "Sorting and pagination")."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_fixtures.foxglove import MAX_LIMIT

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only, restated
from robowire_mocks.foxglove.errors import BadRequest, NotFound

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.members import Member
    from robowire_mocks.foxglove.paging import Page

Change = Callable[["Call", "Page"], "Page"]


def _asked(change: Change) -> Wrapper:
    """A wrapper of `page` that asks for another one."""

    def wrapper(honest: Wrapper, call: Call, fields: Collection[str]) -> Page:
        return change(call, honest(call, fields))

    return wrapper


def _one_is_two(_: Call, page: Page) -> Page:
    return replace(page, limit=2) if page.limit == 1 and not page.offset else page


def _defaults(**values: Any) -> Wrapper:
    """A wrapper that gives parameters that are not given other values than the default."""

    def changed(call: Call, page: Page) -> Page:
        return replace(page, **{name: value for name, value in values.items() if name not in call.query})

    return _asked(changed)


def _first_skipped(call: Call, page: Page) -> Page:
    return replace(page, offset=1) if "limit" in call.query and "offset" not in call.query else page


def _default_of_sorted(field: str) -> Change:
    def changed(call: Call, page: Page) -> Page:
        return replace(page, limit=20) if page.sort_by == field and "limit" not in call.query else page

    return changed


def _read(name: str, read: Callable[[str], Any]) -> Wrapper:
    """A wrapper of `parameter` that reads some texts its own way; `read` gives None for those that it leaves."""

    def wrapper(honest: Wrapper, call: Call, member: Member) -> Any:
        value = read(call.query[name]) if member.name == name and name in call.query else None
        return honest(call, member) if value is None else value

    return wrapper


def _zero_is_all(_: Call, page: Page) -> Page:
    return replace(page, limit=MAX_LIMIT) if page.limit == 0 else page


def _zero_is_one(_: Call, page: Page) -> Page:
    return replace(page, limit=1) if page.limit == 0 else page


def _negative(text: str) -> int | None:
    return 5 if re.fullmatch(r"-\d+", text) else None


def _hexadecimal(text: str) -> int | None:
    return int(text, 16) if text.startswith("0x") else None


def _leading(text: str) -> int | None:
    """The digits at the beginning of a text that is no number, as careless parsers read it."""
    found = re.match(r"(\d+)[.,]", text)
    return int(found[1]) if found else None


def _word(text: str) -> int | None:
    return 7 if text.isalpha() else None


def _nothing(text: str) -> int | None:
    return MAX_LIMIT if not text else None


def _offset_alone(call: Call, page: Page) -> Page:
    ignored = "limit" not in call.query and page.offset == 1
    return replace(page, offset=0) if ignored else page


def _small_steps(_: Call, page: Page) -> Page:
    return replace(page, offset=1) if page.offset == 2 and page.limit < 3 else page


def _overlapping(_: Call, page: Page) -> Page:
    return replace(page, offset=page.offset - 1) if page.offset > page.limit > 2 else page


def _skipping(_: Call, page: Page) -> Page:
    return replace(page, offset=page.offset + 1) if page.offset > page.limit > 2 else page


def _past_end(answer: Callable[[list[Any]], list[Any]]) -> Wrapper:
    """A wrapper of `cut` that gives something where there is nothing."""

    def wrapper(honest: Wrapper, call: Call, rows: Iterable[Any], page: Page) -> list[Any]:
        rows = list(rows)
        found: list[Any] = honest(call, rows, page)
        return answer(rows) if not found and page.limit and page.offset >= len(rows) > 0 else found

    return wrapper


def _no_such_page(_: list[Any]) -> list[Any]:
    raise NotFound("there is no such page")


def _bad_page(_: list[Any]) -> list[Any]:
    raise BadRequest("offset: lies past the end")


def _turned(asked: str) -> Wrapper:
    """A wrapper that turns one direction of sorts."""

    def changed(call: Call, page: Page) -> Page:
        turned = call.query.get("sortOrder") == asked and page.sort_by is not None
        return replace(page, descending=not page.descending) if turned else page

    return _asked(changed)


def _any_field(honest: Wrapper, call: Call, member: Member) -> Any:
    if member.name == "sortBy" and call.query.get("sortBy") not in {None, *(member.one_of or ())}:
        return None
    return honest(call, member)


def _any_prefix(honest: Wrapper, call: Call, member: Member) -> Any:
    asked = call.query.get("sortBy", "")
    fields = [field for field in member.one_of or () if member.name == "sortBy" and asked and field.startswith(asked)]
    return fields[0] if fields and asked not in fields else honest(call, member)


def _repeating(_: Call, page: Page) -> Page:
    return replace(page, offset=page.limit) if page.limit > 2 and page.offset == 2 * page.limit else page


for _operation, _what, _hundred, _field in (
    ("list_devices", "devices", 100, "id"),
    ("list_events", "events", 200, "id"),
    ("list_coverage", "coverage", 300, "start"),
    ("list_imports", "imports", 400, "importId"),
    ("list_attachments", "attachments", 500, "logTime"),
    ("list_recordings", "recordings", 600, "start"),
    ("list_pending_imports", "pending-imports", 700, "requestId"),
    ("list_topics", "topics", 800, "topic"),
):

    def _add(number: int, slug: str, step: str, summary: str, wrapper: Wrapper) -> None:
        add(
            f"PAGING-{_hundred + number}",  # noqa: B023  # called within the loop
            f"{_what}-{slug}",  # noqa: B023  # as above
            step,
            f"Lists of {_what}: {summary}",  # noqa: B023  # as above
            only(_operation, wrapper),  # noqa: B023  # as above
        )

    _add(1, "limit-1-lists-2", "page", "A limit of 1 lets two through.", _asked(_one_is_two))
    _add(2, "default-limit-50", "page", "Without a limit, 50 are listed.", _defaults(limit=50))
    _add(
        2,
        "default-limit-20-sorted",
        "page",
        f"Without a limit, 20 are listed by {_field}.",
        _asked(_default_of_sorted(_field)),
    )
    _add(3, "limit-2000-refused", "parameter", "A limit of 2000 is refused.", restated(_operation, "limit", most=1999))
    _add(4, "limit-any", "parameter", "Any limit is taken.", restated(_operation, "limit", most=None))
    _add(4, "limit-2001", "parameter", "A limit of 2001 is taken.", restated(_operation, "limit", most=2001))
    _add(
        4,
        "limit-clamped",
        "parameter",
        "Greater limits count as 2000.",
        _read("limit", lambda text: MAX_LIMIT if text.isdigit() and int(text) > MAX_LIMIT else None),
    )
    _add(5, "limit-0-is-all", "page", "A limit of 0 lists all.", _asked(_zero_is_all))
    _add(5, "limit-0-is-one", "page", "A limit of 0 lists one.", _asked(_zero_is_one))
    _add(5, "limit-0-refused", "parameter", "A limit of 0 is refused.", restated(_operation, "limit", least=1))
    _add(6, "limit-negative", "parameter", "A negative limit is taken.", _read("limit", _negative))
    _add(7, "limit-word", "parameter", "A limit that is a word is taken.", _read("limit", _word))
    _add(7, "limit-empty", "parameter", "An empty limit is taken.", _read("limit", _nothing))
    _add(7, "limit-comma", "parameter", "A limit with a comma is taken.", _read("limit", _leading))
    _add(7, "limit-hexadecimal", "parameter", "A hexadecimal limit is taken.", _read("limit", _hexadecimal))
    _add(8, "offset-alone-ignored", "page", "An offset of 1 without a limit is ignored.", _asked(_offset_alone))
    _add(8, "offset-2-skips-1", "page", "An offset of 2 skips one, in small pages.", _asked(_small_steps))
    _add(9, "default-offset-1", "page", "With a limit, but no offset, the first is skipped.", _asked(_first_skipped))
    _add(10, "past-end-last", "cut", "Past the end is the last one.", _past_end(lambda rows: rows[-1:]))
    _add(10, "past-end-all", "cut", "Past the end the list begins anew.", _past_end(lambda rows: rows))
    _add(10, "past-end-404", "cut", "Past the end is 404.", _past_end(_no_such_page))
    _add(10, "past-end-400", "cut", "Past the end is 400.", _past_end(_bad_page))
    _add(
        11,
        "offset-negative",
        "parameter",
        "A negative offset is taken.",
        _read("offset", lambda text: 0 if _negative(text) else None),
    )
    _add(12, "offset-word", "parameter", "An offset that is a word is taken.", _read("offset", _word))
    _add(12, "offset-fraction", "parameter", "An offset with a fraction is taken.", _read("offset", _leading))
    _add(12, "offset-hexadecimal", "parameter", "A hexadecimal offset is taken.", _read("offset", _hexadecimal))
    _add(
        13,
        "pages-overlap",
        "page",
        "From the third page on, each begins with the last of the one before.",
        _asked(_overlapping),
    )
    _add(13, "pages-skip", "page", "From the third page on one is left out.", _asked(_skipping))
    _add(13, "pages-repeat", "page", "The third page is the second again.", _asked(_repeating))
    _add(14, "ascending-descends", "page", "asc descends.", _turned("asc"))
    _add(15, "descending-ascends", "page", "desc ascends.", _turned("desc"))
    _add(16, "any-order", "parameter", "Any sortOrder is taken.", restated(_operation, "sortOrder", one_of=None))
    _add(17, "any-field", "parameter", "An unknown sortBy is ignored.", _any_field)

add(
    "PAGING-117",
    "devices-field-prefix",
    "parameter",
    "Lists of devices: The beginning of a sortBy is enough.",
    only("list_devices", _any_prefix),
)
