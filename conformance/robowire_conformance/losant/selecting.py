"""deviceIds, deviceTags and deviceQuery: which devices each selects, and that together they select the union."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from robowire_conformance.evidence import JSON
from robowire_conformance.gathering import Judgement
from robowire_conformance.losant.asking import read
from robowire_conformance.losant.device_query import Known, Verdict, matches
from robowire_conformance.losant.fleet import NOBODY, Fleet, LastValueWay, Selection, Selectors, TimeSeriesWay, Way

IDS, PAIR, KEY, VALUE, CROSSED, SEVERAL, QUERY, UNION, ORDER, FOREIGN = range(1, 11)
"""The last digits of the requirements on selection, which are the same for each action."""

OF_EXPORTS, OF_LAST_VALUES, OF_TIME_SERIES = 100, 200, 300
SHOWN_TAGS = "LOSANT-TIMESERIES-026"

NO_FOREIGN = "no devices of another application show: give other_application_id, and a token that may see both"

Tag = Mapping[str, str]
T = TypeVar("T")
MOST_TAGS = 4


class Selecting:
    """Asks one action for selections and judges them; requirements are LOSANT-SELECT- and `hundred` plus a digit."""

    def __init__(self, fleet: Fleet, way: Way, hundred: int) -> None:
        self.fleet = fleet
        self.way = way
        self.judgement = Judgement()
        self._hundred = hundred
        self.devices = fleet.of(way.visible)
        self.known = list(fleet.known.values())
        self.most = 6 if hundred == OF_EXPORTS else 16

    def judge(self) -> Judgement:
        """Judge all that the devices give occasion for."""
        if len(self.devices) < 2:
            return self.judgement
        self._judge_ids()
        self._judge_tags()
        self._judge_query()
        self._judge_unions()
        self._judge_order()
        self._judge_foreign()
        return self.judgement

    def requirement(self, digit: int) -> str:
        """The id of a requirement."""
        return f"LOSANT-SELECT-{self._hundred + digit}"

    def _due(self, fitting: Mapping[str, Verdict]) -> dict[str, Verdict]:
        """What is due of each known device; those that need not show even if selected may only be missing."""
        return {one: yes if one in self.way.visible or yes is False else None for one, yes in fitting.items()}

    def _require(self, digit: int, selectors: Selectors, due: Mapping[str, Verdict], *, control: bool = True) -> None:
        """Compare a selection with what each device's own facts say; None leaves a device out."""
        selection = self.way.select(selectors)
        wrong = [one for one, yes in due.items() if yes == (one not in (selection.ids or ()))]
        if selection.ids is None:
            fault = selection.fault("nothing can be read of what is selected", 200, selection.answer.status)
            self.judgement.fault(self.requirement(digit), fault)
        elif wrong:
            expected = sorted(one for one, yes in due.items() if yes)
            fault = selection.fault("wrong devices are selected", expected, sorted(selection.ids))
            self.judgement.fault(self.requirement(digit), fault)
        elif not control or {True, False} <= set(due.values()):
            self.judgement.saw(self.requirement(digit))

    def _judge_ids(self) -> None:
        ids = [device.id for device in self.devices]
        for some in (ids[:1], ids[-1:], ids[:2], ids[1:], [NOBODY, ids[0]]):
            self._require(IDS, {"deviceIds": some}, self._due({one.id: one.id in some for one in self.known}))

    def _judge_tags(self) -> None:
        pairs = sorted({(key, value) for one in self.devices for key, values in one.tags.items() for value in values})
        begun = [(key, value[:-1]) for key, value in pairs if len(value) > 1][:1]  # what only begins alike is another
        for key, value in dict.fromkeys([*some_of(pairs, self.most), *self._named(), *begun]):
            tag = {"key": key, "value": value}
            due = self._due({one.id: None if crossed(one, tag) else carries(one, tag) for one in self.known})
            self._require(PAIR, {"deviceTags": [tag]}, due)
        every: list[Tag] = [{"key": key, "value": value} for key, value in pairs]
        for apart_tag in (*self._crossed_pairs(), *every):
            apart = {one.id: False for one in self.devices if crossed(one, apart_tag)}
            if apart:
                self._require(CROSSED, {"deviceTags": [apart_tag]}, apart, control=False)
        for key in some_of(sorted({key for key, _ in pairs}), self.most):
            held = self._due({one.id: key in one.tags for one in self.known})
            self._require(KEY, {"deviceTags": [{"key": key}]}, held)
        values = some_of(sorted({value for _, value in pairs}), self.most)
        for value in dict.fromkeys([*values, *(value for _, value in self._named())]):
            held = self._due({one.id: carries(one, {"value": value}) for one in self.known})
            self._require(VALUE, {"deviceTags": [{"value": value}]}, held)

    def _named(self) -> Sequence[tuple[str, str]]:
        """A few of the tags that the target profile names."""
        return some_of(self.fleet.named, 4)

    def _crossed_pairs(self) -> list[Tag]:
        """Keys and values that some device carries apart, but not together."""
        for device in self.devices:
            for key in device.tags:
                for other, values in device.tags.items():
                    for value in values:
                        if other != key and value not in device.tags[key]:
                            return [{"key": key, "value": value}]
        return []

    def _judge_query(self) -> None:
        """Any one field that works shows that deviceQuery selects; which fields do not is judged elsewhere."""
        first, last = self.devices[0], self.devices[-1]
        queries: list[Mapping[str, JSON]] = [
            {"id": first.id},
            *([{"name": last.name}] if last.name else []),
            {"$or": [{"id": first.id}, {"id": last.id}]},
            {"id": {"$in": [first.id]}},
        ]
        attempts = [self._attempt(query) for query in queries]
        if not any(right for right, _ in attempts):
            selection = attempts[0][1]
            due = [first.id]
            fault = selection.fault("wrong devices are selected", due, sorted(selection.ids or ()))
            self.judgement.fault(self.requirement(QUERY), fault)
        else:
            self.judgement.saw(self.requirement(QUERY))

    def _attempt(self, query: Mapping[str, JSON]) -> tuple[bool, Selection]:
        selection = self.way.select({"deviceQuery": query})
        due = {device.id: matches(query, device) for device in self.devices}
        right = selection.ids is not None and all(yes in {None, one in selection.ids} for one, yes in due.items())
        return right, selection

    def _judge_unions(self) -> None:
        """What several selectors select is the union of what each selects by itself."""
        tags = self._several_tags()
        if len(tags) > 1:
            self._require_union(SEVERAL, {"deviceTags": tags}, [{"deviceTags": [tag]} for tag in tags])
        ids, query = [self.devices[0].id], {"id": self.devices[-1].id}
        parts: list[Selectors] = [{"deviceIds": ids}, {"deviceQuery": query}]
        if tags:
            parts.append({"deviceTags": tags[-1:]})
        whole: dict[str, JSON] = {}
        for part in parts:
            whole |= part
        self._require_union(UNION, whole, parts)
        self._require_union(UNION, {**parts[0], **parts[1]}, parts[:2])

    def _several_tags(self) -> list[Tag]:
        """Tags of which each selects a device that those before it do not, as far as there are such."""
        keys = sorted({key for one in self.devices for key in one.tags})
        pairs = sorted({(key, value) for one in self.devices for key, values in one.tags.items() for value in values})
        every: list[Tag] = [*({"key": key} for key in keys), *({"key": key, "value": value} for key, value in pairs)]
        bearers = [(sum(carries(one, tag) for one in self.devices), number) for number, tag in enumerate(every)]
        left = {one.id for one in self.devices}
        found: list[int] = []
        for _, number in sorted(bearers):
            new = {one.id for one in self.devices if one.id in left and carries(one, every[number])}
            if new and len(found) < MOST_TAGS:
                found.append(number)
                left -= new
        tags = [every[number] for number in found] if len(found) > 1 else every[:MOST_TAGS]
        return sorted(tags, key=lambda tag: (tag["key"], tag.get("value", "")))

    def _require_union(self, digit: int, whole: Selectors, parts: Sequence[Selectors]) -> None:
        selection, single = self.way.select(whole), [self.way.select(part) for part in parts]
        if selection.ids is None or any(one.ids is None for one in single):
            self.judgement.block(self.requirement(digit), reason="a selection cannot be read")
            return
        union = frozenset[str]().union(*(one.ids for one in single if one.ids))
        due, got = union & self.way.visible, selection.ids & self.way.visible
        if due != got:
            fault = selection.fault("another than the union is selected", sorted(due), sorted(got))
            self.judgement.fault(self.requirement(digit), fault)
        elif len({one.ids and one.ids & self.way.visible for one in single}) > 1:
            self.judgement.saw(self.requirement(digit))

    def _judge_order(self) -> None:
        ids = [device.id for device in self.devices[:5]]
        if self.judgement.faulty(*(self.requirement(digit) for digit in (IDS, SEVERAL, UNION))):
            self.judgement.block(self.requirement(ORDER), reason="ids, tags or their union select wrong devices")
            return
        by_tags: Selectors = {"deviceTags": self._several_tags()}
        by_ids: Selectors = {"deviceIds": ids}
        for selectors in (by_ids, {**by_ids, **by_tags}, by_tags):
            first = self.way.select(selectors)
            second = self.way.select({name: some[::-1] for name, some in selectors.items()})
            if first.ids != second.ids:
                fault = second.fault("another order selects others", sorted(first.ids or ()), sorted(second.ids or ()))
                self.judgement.fault(self.requirement(ORDER), fault)
            elif first.ids:
                self.judgement.saw(self.requirement(ORDER))

    def _judge_foreign(self) -> None:
        """Devices of another application never show, even by their ids."""
        if not self.fleet.foreign:
            self.judgement.block(
                self.requirement(FOREIGN),
                reason=NO_FOREIGN,
            )
            return
        strange = sorted(self.fleet.foreign)[:20]
        for selectors in ({"deviceIds": [*strange, self.devices[0].id]}, {"deviceQuery": {"id": {"$in": strange}}}, {}):
            selection = self.way.select(selectors)
            shown = (selection.ids or frozenset()) & self.fleet.foreign
            if shown:
                fault = selection.fault("devices of another application show", "none of them", sorted(shown))
                self.judgement.fault(self.requirement(FOREIGN), fault)
            elif selection.ids:
                self.judgement.saw(self.requirement(FOREIGN))


def judge_selection(fleet: Fleet, time_series: TimeSeriesWay, last_values: LastValueWay) -> Judgement:
    """Judge selection in both queries; where tags select otherwise in both, it is the tags shown that are wrong."""
    judgement = Selecting(fleet, time_series, OF_TIME_SERIES).judge()
    judgement.join(Selecting(fleet, last_values, OF_LAST_VALUES).judge())
    hundreds = (OF_TIME_SERIES, OF_LAST_VALUES)
    if not _show_tags(time_series):
        reason = "the devices of an answer have no such tags (see LOSANT-TIMESERIES-012)"
        judgement.dismiss(SHOWN_TAGS, *of_tags(*hundreds), reason=reason)
        return judgement
    telling = [f"LOSANT-SELECT-{hundred + digit}" for hundred in hundreds for digit in (PAIR, VALUE)]
    if all(judgement.faulty(one) for one in telling):
        judgement.lay(of_tags(*hundreds), SHOWN_TAGS)
    elif not judgement.faulty(*telling[:2]):
        judgement.saw(SHOWN_TAGS)
    return judgement


def _show_tags(time_series: TimeSeriesWay) -> bool:
    """Whether each device of an answer has tags in the documented form, if only none."""
    body = read(time_series.select({"deviceIds": sorted(time_series.visible)[:3]}).answer)
    devices = body.get("devices") if isinstance(body, dict) else None
    shown = devices.values() if isinstance(devices, dict) else ()
    return all(isinstance(one, dict) and _are_tags(one.get("tags")) for one in shown)


def _are_tags(tags: JSON) -> bool:
    return isinstance(tags, dict) and all(isinstance(values, list) for values in tags.values())


def of_tags(*hundreds: int) -> list[str]:
    """The requirements on selection by tags."""
    return [f"LOSANT-SELECT-{hundred + digit}" for hundred in hundreds for digit in (PAIR, KEY, VALUE, CROSSED)]


def carries(device: Known, tag: Tag) -> bool:
    """Whether a device carries a tag of this key, this value, or both."""
    keys = [tag["key"]] if "key" in tag else list(device.tags)
    return any("value" not in tag or tag["value"] in device.tags.get(key, ()) for key in keys if key in device.tags)


def crossed(device: Known, tag: Tag) -> bool:
    """Whether a device carries key and value of a tag, but apart from each other."""
    return (
        not carries(device, tag) and carries(device, {"key": tag["key"]}) and carries(device, {"value": tag["value"]})
    )


def some_of(values: Sequence[T], most: int = 6) -> Sequence[T]:
    """A few of many, evenly chosen."""
    return values[:: max(1, -(-len(values) // most))]
