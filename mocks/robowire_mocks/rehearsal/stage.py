"""Where one scenario is played: a mock to which it happens, and the verdict on who was there."""

from __future__ import annotations

import time
from functools import partial
from glob import escape
from threading import Event
from typing import TYPE_CHECKING, Any

from robowire_fixtures.catalogue import Level
from robowire_fixtures.scenarios import Expectation, Scenario

from robowire_mocks.core.calling import PATIENCE_S
from robowire_mocks.core.steps import wrap
from robowire_mocks.rehearsal.rules import RULES
from robowire_mocks.rehearsal.story import Said, Story
from robowire_mocks.rehearsal.verdict import Finding, Status, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.core.entry import Entry
    from robowire_mocks.core.mock import Mock

ALWAYS: tuple[Expectation, ...] = (Expectation("keeps-tokens-out-of-urls", Level.SHOULD, "RFC 6750, section 5.3"),)
"""What is right whatever happens."""


class Stage:
    """A mock to which a scenario happens from `begin` to `end`; without one, nothing happens.

    `elsewhere` is another name of the place where the mock is found, with its port, that links lead to if the scenario
    says so.
    """

    def __init__(self, scenario: Scenario | None, mock: Mock[Any], *, elsewhere: str = "") -> None:
        self.scenario = scenario
        self.mock = mock
        self.elsewhere = elsewhere
        self.said = Said(done=True)
        self.honest: tuple[Entry, ...] | None = None
        self._since = 0
        self._armed: dict[str, dict[str, Any]] = {}  # the faults that the scenario brings, by their ids
        self._to_advance: dict[str, float] = {}
        self._ahead_s = 0.0
        self._deliveries: list[int | str] = []
        self._delivered = Event()
        self._entries: tuple[Entry, ...] | None = None

    @property
    def leads_elsewhere(self) -> bool:
        """Whether links lead to another host."""
        return self.scenario is not None and any("host" in fault for fault in self.scenario.faults)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What the client sent, until now or until the end."""
        return tuple(self.mock.journal.entries(since=self._since)) if self._entries is None else self._entries

    def begin(self) -> None:
        """Let happen what is to happen from now on."""
        last = self.mock.journal.last()
        self._since = last.number if last else 0
        self._ahead_s = self.mock.clock.now() - time.time()
        if self.scenario is not None:
            faults = self._faults(self.scenario)
            arm = self.mock.faults
            ids = arm.sequence(faults) if self.scenario.in_order else [arm.add(fault) for fault in faults]
            self._armed = dict(zip(ids, faults, strict=True))
            self._to_advance = dict(self.scenario.advance)
        self.mock.journal.listeners.append(self._heard)

    def end(self) -> None:
        """Let nothing happen any more."""
        self._entries = self.entries
        self.mock.journal.listeners.remove(self._heard)
        known = {account.fault.id for account in self.mock.faults.account()}
        for fault_id in self._armed.keys() & known:
            self.mock.faults.remove(fault_id)

    def deliver(self, url: str) -> None:
        """Send the scenario's webhook to `url`, twice, and wait for both answers.

        Raises:
            ValueError: The scenario has none, or the URL may not be called: it is not on this machine.
        """
        if self.scenario is None or not self.scenario.deliver:
            raise ValueError(f"the scenario {self.scenario} delivers no webhook")
        webhooks, event = self.mock.actions["webhooks"], self.scenario.deliver
        webhook = webhooks({"register": {"url": url, "events": [event]}})
        self.mock.steps = wrap(self.mock.steps, "post", self._twice)
        try:
            webhooks({"announce": event})
            self._delivered.wait(3 * PATIENCE_S)
        finally:
            self.mock.deviate(*self.mock.deviations)
            webhooks({"remove": webhook["id"]})

    @property
    def verdict(self) -> Verdict:
        """What is said of the client, until now or until the end."""
        assert self.scenario is not None
        story = self._story()
        reason = self._untested(story)
        if reason:
            return Verdict(self.scenario, Status.NOT_TESTED, (), story.entries, reason, story.token)
        findings = tuple(
            Finding(text, expectation)
            for expectation in (*self.scenario.expect, *ALWAYS)
            if (text := RULES[expectation.rule](story))
        )
        musts = [finding for finding in findings if finding.expectation.level is Level.MUST]
        status = Status.FAILED if musts else Status.WARNED if findings else Status.PASSED
        return Verdict(self.scenario, status, findings, story.entries, token=story.token)

    def _story(self) -> Story:
        return Story(
            self.entries,
            self.said,
            frozenset(self._armed),
            expiring=bool(self.scenario and self.scenario.advance),
            elsewhere=self.elsewhere,
            token=self.mock.token,
            ahead_s=self._ahead_s,
            deliveries=tuple(self._deliveries),
            honest=self.honest,
        )

    def _untested(self, story: Story) -> str:
        """Why nothing can be said: what was to happen did not, as the client never came to where it would have."""
        assert self.scenario is not None
        if self.scenario.deliver:
            return "" if story.deliveries else _never("no webhook was delivered", story.said)
        if self.leads_elsewhere:
            return "" if _came_to(self.elsewhere, story.entries) else _never("it followed no link", story.said)
        return "" if story.struck else _never(f"it came to nothing of this: {self.scenario.story}", story.said)

    def _faults(self, scenario: Scenario) -> list[dict[str, Any]]:
        """The scenario's faults, with ids by which the journal names them."""
        return [
            {"id": f"{scenario.id}-{number}", **fault, **({"host": self.elsewhere} if "host" in fault else {})}
            for number, fault in enumerate(scenario.faults, 1)
        ]

    def _heard(self, entry: Entry) -> None:
        """Do what is due when an answer is on its way."""
        self._advance_after(entry)
        fault = self._armed.get(entry.fault or "")
        if self.scenario is not None and self.scenario.lasting and fault is not None and "times" in fault:
            again = {**fault, "id": f"{fault['id']}-again", "path": escape(entry.path)}
            del again["times"]
            self._armed[self.mock.faults.add(again)] = again

    def _advance_after(self, entry: Entry) -> None:
        """Move the clock, if this is the answer that it is to be moved after."""
        if self._to_advance and entry.status < 400 and entry.operation in self._to_advance:
            seconds, self._to_advance = self._to_advance[entry.operation], {}
            self.mock.clock.advance(seconds)

    def _twice(self, honest: Callable[..., int | str], *arguments: Any) -> int | str:
        """Deliver a webhook, and once more."""
        send = partial(honest, *arguments)
        self._deliveries += [send(), send()]
        self._delivered.set()
        return self._deliveries[-2]


def _came_to(host: str, entries: tuple[Entry, ...]) -> bool:
    return any(entry.headers.get("Host") == host for entry in entries)


def _never(what: str, said: Said) -> str:
    return what if said.done else f"{what}; it failed: {said.text}"
