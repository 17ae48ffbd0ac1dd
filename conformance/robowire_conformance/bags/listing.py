"""The bag list of a target: read, and judged entry by entry against the contract."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from robowire_conformance import shape
from robowire_conformance.bags.asking import dumps
from robowire_conformance.client import Answer, Client, NotJSON
from robowire_conformance.gathering import Fault, Judgement
from robowire_conformance.verdict import NotTested, Violation

LIST = "BAGS-LIST-001"
ENTRY_SHAPES = frozenset({"BAGS-LIST-002", "BAGS-LIST-004", "BAGS-LIST-006", "BAGS-LIST-008", "BAGS-LIST-010"})
"""What the contract alone says of an entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the list whose filename can be used."""

    filename: str
    body: Mapping[str, Any]

    @property
    def size_bytes(self) -> int | None:
        """The size that the list gives, if it is one."""
        size = self.body.get("size_bytes")
        return size if isinstance(size, int) and not isinstance(size, bool) else None


def ask_list(client: Client) -> Answer:
    """Ask for the bag list."""
    return client.get("/bags/")


def read_list(answer: Answer) -> list[Any]:
    """The list in an answer.

    Raises:
        Violation: There is no JSON array of objects in it.
    """
    if answer.status != 200:
        raise Violation("The bag list is not answered", expected=200, actual=answer.status, exchange=answer.exchange)
    due = "a JSON array of objects"
    try:
        entries = answer.json()
    except NotJSON as error:
        raise Violation(
            "The bag list is not JSON", expected=due, actual=str(error), exchange=answer.exchange
        ) from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        text = "The bag list is no array of objects"
        raise Violation(text, expected=due, actual=dumps(entries), exchange=answer.exchange)
    return entries


def require_bodies(answer: Answer) -> list[Any]:
    """The entries of a list that holds some, whatever their form.

    Raises:
        NotTested: There is none.
    """
    try:
        bodies = read_list(answer)
    except Violation as violation:
        raise NotTested(f"{LIST} fails: {violation.message}") from None
    if not bodies:
        raise NotTested("the list is empty: let the target hold at least one bag")
    return bodies


def require_entries(answer: Answer) -> list[Entry]:
    """The entries whose filename can be used.

    Raises:
        NotTested: There is none.
    """
    names = [(body.get("filename"), body) for body in require_bodies(answer)]
    named = [Entry(name, body) for name, body in names if isinstance(name, str) and name]
    if not named:
        raise NotTested("no entry has a filename (see BAGS-LIST-002)")
    return named


def list_sizes(answer: Answer) -> dict[str, Any]:
    """What a list says of each file's size; empty if it is no list."""
    try:
        return {entry.filename: entry.body.get("size_bytes") for entry in require_entries(answer)}
    except NotTested:
        return {}


def judge_entries(answer: Answer, judgement: Judgement) -> None:
    """Judge the form of the entries by the contract."""
    for body in require_bodies(answer):
        broken = set()
        for finding in shape.findings("bags", "BagEntry", body):
            broken.add(finding.requirement)
            text = f"{body.get('filename') or 'an entry'!s}: {finding.message}"
            judgement.fault(finding.requirement, Fault(text, finding.expected, finding.actual, answer.exchange, 0))
        for requirement in ENTRY_SHAPES - broken:
            judgement.saw(requirement)
