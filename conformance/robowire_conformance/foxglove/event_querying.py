"""Section "List events": the query language, each form of it compared with the reference evaluator."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from robowire_conformance import law
from robowire_conformance.foxglove.event_query import matches, parse
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.stock import Listing, Stock
from robowire_conformance.target import Target

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy
    from robowire_generators.strategies_events import Form

KEY_VALUE, KEY_VALUES, KEY_ANY, ANY_VALUE, TEXT_KEY, TEXT_VALUE, AND, QUOTES, AND_TEXT = (
    f"FOXGLOVE-EVENTS-{number}" for number in range(121, 130)
)
QUERIES = (KEY_VALUE, KEY_VALUES, KEY_ANY, ANY_VALUE, TEXT_KEY, TEXT_VALUE, AND, QUOTES, AND_TEXT)

CHOSEN: Mapping[str, tuple[str, ...]] = {
    KEY_VALUE: (
        "zone:dock_2",
        "cause:7",
        "zone:7%",
        "größe:7",
        "zone2:7",
        "wheel.slip:07",
        "zone:zone",
        "7:a/b+c@d",
        "zone:Dock_2",
        "Zone:dock_2",
    ),
    KEY_VALUES: (
        "zone:dock_2,dock",
        "cause:7,7.0,stop",
        "zone2:7,nothing",
        "dock_2:none,nothing",
        "zone:7%,dock_2,dock",
    ),
    KEY_ANY: ("zone:*", "zone2:*", "größe:*", "battery-low:*", "stop:*", "note:*", "Zone:*", "zon:*"),
    ANY_VALUE: ("*:dock_2", "*:7", "*:zone", "*:cause", "*:emergency", "*:Dock_2", '*:"emergency stop"'),
    QUOTES: (
        'cause:"emergency stop"',
        'zone:"dock zone"',
        'dock_2:"wheel slip 7"',
        'note:"emergency stop"',
        'zone:"stop"',
    ),
    TEXT_KEY: (
        "dock",
        "dock_2",
        "7",
        "zo",
        "one2",
        "slip",
        "emerg",
        "ause",
        "b+c",
        "röß",
        "note",
        "k_2",
        "7%",
        "low",
        "ery-l",
        "stock",
        "onedock",
        "deviceId",
    ),
    AND: (
        "zone:dock_2 cause:*",
        "zone:dock_2 zone:dock",
        'cause:"emergency stop" zone:dock_2',
        'zone:dock_2 cause:"emergency stop"',
        "zone2:* *:7",
        "zone:dock_2 cause:* größe:7",
        "zone:dock_2 größe:7 cause:stop",
        "zone:dock_2 größe:7 battery-low:emergency",
        "cause:7,7.0 zone:*",
    ),
    AND_TEXT: (
        "zone:dock_2 emerg",
        "wheel.slip:* a/b",
        "zone:* 7",
        "emergency zone:dock_2",
        "cause:* stop",
        "slip zone2:7",
    ),
}
"""Queries that the stock gives occasion for, whatever is drawn."""

EXAMPLES = 12
"""How many more are drawn of each form."""


@dataclass(slots=True)
class Querying:
    """Asks the stock's lists for queries, each once, and judges the answers."""

    stock: Stock
    page: Page = field(default_factory=Page)
    _asked: dict[str, Listing] = field(default_factory=dict)

    def ask(self, query: str) -> Listing:
        """The events that a query gives; none where it is not answered with a list."""
        if query not in self._asked:
            reply = self.stock.ask(query=query)
            self._asked[query] = self.stock.of(reply) if reply.done else Listing(reply, (), 0)
        return self._asked[query]

    def expected(self, query: str) -> list[str]:
        """The events that match, of those of which that can be told."""
        return sorted(known for known, event in self.stock.events.items() if matches(query, event.metadata))

    def got(self, query: str) -> list[str]:
        """The events of an answer, without those of which it cannot be told."""
        told = {known for known, event in self.stock.events.items() if matches(query, event.metadata) is not None}
        return sorted(told & set(self.ask(query).ids))

    def right(self, query: str) -> bool:
        """Whether the answer to a query is what the evaluator says."""
        return self.ask(query).reply.done and self.got(query) == self.expected(query)

    def require_answered(self, requirement: str, query: str) -> None:
        """Make sure that a query is answered with a list.

        Raises:
            Violation: It is not.
        """
        self.ask(query).reply.require_done(requirement)

    def require(self, requirement: str, query: str) -> None:
        """Compare the answer to a query with the evaluator's.

        Raises:
            Violation: They differ.
        """
        self.require_answered(requirement, query)
        if not self.right(query):
            raise self.ask(query).reply.violation(
                f"The query {query} gives other events than match it",
                expected=self._shown(self.expected(query)),
                actual=self._shown(self.got(query)),
                requirement=requirement,
            )
        if self.expected(query):
            self.page.saw(requirement)

    def require_values(self, requirement: str, query: str) -> None:
        """Judge a query of several values, if each of them is answered right by itself.

        Raises:
            Violation: As `require`.
        """
        key, _, values = query.partition(":")
        if all(self.right(f"{key}:{value}") for value in values.split(",")):
            self.require(requirement, query)

    def require_all(self, query: str) -> None:
        """Judge a query of several qualifiers, if each of them is answered right by itself.

        Raises:
            Violation: As `require`.
        """
        parts = parse(query) or ()
        if all(self.right(part.text) for part in parts):
            bare = {part.key is None and not part.any_key for part in parts}
            self.require(AND_TEXT if len(bare) == 2 else AND, query)

    def require_text(self, text: str) -> None:
        """Judge a bare word: what matches by a key alone tells of keys, what matches by a value alone of values.

        Raises:
            Violation: An event is wrongly in the list, or wrongly not.
        """
        listing = self.ask(text)
        self.require_answered(TEXT_VALUE, text)
        for known, event in self.stock.events.items():
            verdict = matches(text, event.metadata)
            by_key = matches(text, dict.fromkeys(event.metadata, ""))
            by_value = matches(text, {f"-{number}": value for number, value in enumerate(event.metadata.values())})
            if verdict is None or (by_key and by_value):
                continue
            requirement = TEXT_KEY if by_key else TEXT_VALUE
            if (known in listing.ids) != verdict:
                raise listing.reply.violation(
                    f"An event with the metadata {dict(event.metadata)} is {'not ' * verdict}in the list of {text}",
                    expected=self._shown(self.expected(text)),
                    actual=self._shown(self.got(text)),
                    requirement=requirement,
                )
            if verdict:
                self.page.saw(requirement)

    def _shown(self, ids: list[str]) -> list[dict[str, str]]:
        """The metadata of events, which say more than ids."""
        return [dict(self.stock.events[known].metadata) for known in ids]


def judge_queries(target: Target, stock: Stock) -> Page:
    """Judge the query language on queries of all documented forms, chosen and drawn."""
    from robowire_generators.strategies_events import Form, qualifiers, queries  # brings Hypothesis

    asking = Querying(stock)
    shown = {known: item.get("metadata") for known, item in stock.list().items.items()}
    if any(shown.get(known) != dict(event.metadata) for known, event in stock.events.items()):
        asking.page.block(*QUERIES, reason="FOXGLOVE-EVENTS-159 or -206, which it needs, fails: metadata are not kept")
        return asking.page
    for requirement, form in _forms(Form).items():
        require = partial(asking.require_values if requirement == KEY_VALUES else asking.require, requirement)
        _judge(target, asking.page, (requirement,), require, CHOSEN[requirement], qualifiers(form))
    texts = (TEXT_KEY, TEXT_VALUE)
    _judge(target, asking.page, texts, asking.require_text, CHOSEN[TEXT_KEY], qualifiers(Form.TEXT))
    asking.page.needs((KEY_VALUE,), KEY_VALUES, QUOTES)
    plain = [form for form in Form if form is not Form.TEXT]
    _judge(target, asking.page, (AND,), asking.require_all, CHOSEN[AND], queries(*plain, least=2))
    both = queries(*plain, least=1, most=1), qualifiers(Form.TEXT)
    _judge(target, asking.page, (AND_TEXT,), asking.require_all, CHOSEN[AND_TEXT], _joined(*both))
    asking.page.needs((AND,), AND_TEXT)
    return asking.page


def _judge(
    target: Target,
    page: Page,
    requirements: tuple[str, ...],
    require: Callable[[str], None],
    chosen: Iterable[str],
    drawn: "SearchStrategy[str]",
) -> None:
    """Try the queries that were chosen, and then, unless one has shown a fault, some that are drawn."""
    with page.about(*requirements):
        for query in chosen:
            require(query)
        law.for_all(target, drawn, examples=EXAMPLES)(require)


def _forms(forms: "type[Form]") -> "Mapping[str, Form]":
    return {
        KEY_VALUE: forms.KEY_VALUE,
        KEY_VALUES: forms.KEY_VALUES,
        KEY_ANY: forms.KEY_ANY,
        ANY_VALUE: forms.ANY_VALUE,
        QUOTES: forms.KEY_QUOTED,
    }


def _joined(first: "SearchStrategy[str]", second: "SearchStrategy[str]") -> "SearchStrategy[str]":
    from hypothesis.strategies import permutations

    return first.flatmap(lambda one: second.flatmap(lambda two: permutations([one, two]).map(" ".join)))
