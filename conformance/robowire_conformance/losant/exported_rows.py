"""The rows of an exported file, counted by device and time, beside the states that are due."""

from collections import Counter

from robowire_conformance.gathering import Judgement
from robowire_conformance.losant.exporting import Export
from robowire_conformance.losant.ranges import Range
from robowire_conformance.losant.series import readable

ID, TIME = "LOSANT-EXPORT-204", "LOSANT-EXPORT-205"

Key = tuple[str | None, int | None]
"""The device and the time of a row."""


def explain_identity(judgement: Judgement, base: Export, due: Counter[Key], got: Counter[Key]) -> bool:
    """Whether rows differ only in the device that they name, or in their time."""
    if set(due) == set(got):
        judgement.saw(ID)
        judgement.saw(TIME)
        return False
    same_times = Counter(time for _, time in due.elements()) == Counter(time for _, time in got.elements())
    same_devices = Counter(one for one, _ in due.elements()) == Counter(one for one, _ in got.elements())
    if same_times or (same_devices and not set(due) & set(got)):
        shown = [str(one) for one in list(got - due)[:3]]
        text = "Rows name other devices" if same_times else "Rows have other times"
        due_shown = [str(one) for one in list(due - got)[:3]]
        judgement.fault(ID if same_times else TIME, base.order.fault(text, due_shown, shown))
        return True
    return False


def compare(
    judgement: Judgement,
    export: Export,
    due: Counter[Key],
    got: Counter[Key],
    *,
    asked: Range,
    judged: tuple[str, str, str],
) -> None:
    """Compare rows with states; of the requirements judged, the first is of states, the others of the bounds."""
    rows, start, end = judged
    before = [one for one in got if one[1] is not None and one[1] < asked.start]
    after = [one for one in got if one[1] is not None and one[1] > asked.end]
    strange = [one for one, count in got.items() if one not in (*before, *after) and count > due[one]]
    missing = [one for one in due if one not in got]
    # What is missing before the first row is missing by the start of the range.
    first = min((time for _, time in got if time is not None), default=0)
    late = [one for one in missing if (one[1] or 0) < first]
    missing = [one for one in missing if one not in late]
    for requirement, odd, what in (
        (start, late, "missing, at the start"),
        (start, before, "before the range"),
        (end, after, "after the range"),
        (rows, strange, "that was not reported"),
        (rows, missing, "missing"),
    ):
        if odd:
            device, time = odd[0]
            text = f"A row of {device} at {readable(time or 0)} is {what}, and {len(odd) - 1} more"
            fault = export.order.fault(text, f"{due.total()} rows", f"{got.total()} rows")
            judgement.fault(requirement, fault)
    if due and not (before or after or strange or missing or late):
        for requirement in judged:
            judgement.saw(requirement)
