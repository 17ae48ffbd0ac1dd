"""The proof that the suite notices misbehaviour, as values, a table, Markdown and a page."""

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from robowire_conformance.evidence import printable
from robowire_conformance.report.html import template
from robowire_conformance.report.markdown import escaped


@dataclass(frozen=True, slots=True)
class Detection:
    """What the suite said of one deviation.

    `checks` are those that saw it, `crowd` the other requirements that it failed, `blocked` how many it could not
    test, `errors` those over which the harness broke.
    """

    id: str
    breaks: str
    summary: str
    detected: bool
    checks: tuple[str, ...]
    message: str
    crowd: tuple[str, ...]
    blocked: tuple[str, ...]
    errors: tuple[str, ...]
    duration_s: float

    @property
    def exact(self) -> bool:
        """Whether the requirement that is broken fails, and no other."""
        return self.detected and not self.crowd and not self.errors


@dataclass(frozen=True, slots=True)
class Proof:
    """The outcome of `detect`: the honest mock first, then each deviation. `spared` have none, for the reason given."""

    api: str
    honest: Detection
    detections: tuple[Detection, ...]
    spared: tuple[tuple[str, str], ...]
    uncovered: tuple[str, ...]
    duration_s: float

    @property
    def holds(self) -> bool:
        """Whether the honest mock passes whole, and the suite tells exactly what each deviation breaks."""
        honest = self.honest
        sound = not (honest.crowd or honest.blocked or honest.errors)
        return sound and not self.uncovered and all(detection.exact for detection in self.detections)


def verdict(detection: Detection) -> str:
    """What became of a deviation, in a word or two."""
    if detection.errors:
        return "harness error"
    if not detection.detected:
        return "missed"
    return "crowd" if detection.crowd else "detected"


def conclusion(proof: Proof) -> str:
    """The proof in a sentence."""
    exact = sum(detection.exact for detection in proof.detections)
    honest = proof.honest
    faults = [*honest.crowd, *honest.blocked, *honest.errors]
    passes = "passes whole" if not faults else f"does not pass whole ({', '.join(faults)})"
    bare = f" Without a deviation: {', '.join(proof.uncovered)}." if proof.uncovered else ""
    return f"{exact} of {len(proof.detections)} deviations detected exactly; the honest mock {passes}.{bare}"


def table_text(proof: Proof, *, color: bool, width: int | None = None) -> str:
    """The table for a terminal."""
    out = io.StringIO()
    columns = width or max(shutil.get_terminal_size((120, 24)).columns, 80)
    console = Console(file=out, width=columns, force_terminal=color, no_color=not color, highlight=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("deviation", "requirement", "result", "by", "also failed"):
        table.add_column(name, overflow="fold")
    table.add_column("s", justify="right")
    for one in proof.detections:
        checks = ", ".join(check.rsplit("::", 1)[-1] for check in one.checks)
        others = ", ".join(one.crowd or one.errors)
        result = Text(verdict(one), style="green" if one.exact else "bold red")
        shown = (Text(printable(text)) for text in (checks, others))
        table.add_row(Text(one.id), Text(one.breaks), result, *shown, f"{one.duration_s:.1f}")
    console.print(table)
    console.print(conclusion(proof), style="bold green" if proof.holds else "bold red", markup=False)
    console.print(f"{proof.duration_s:.0f} s in all", style="dim")
    return out.getvalue()


def markdown(proof: Proof) -> str:
    """The table as Markdown."""
    return "\n".join(_lines(proof)) + "\n"


def page(proof: Proof) -> str:
    """The table as a self-contained page."""
    return template("detect.html.j2").render(proof=proof, conclusion=conclusion(proof), verdict=verdict)


def _lines(proof: Proof) -> Iterator[str]:
    yield f"# {'✅' if proof.holds else '❌'} {proof.api}: {escaped(conclusion(proof))}"
    yield ""
    yield "| deviation | what a client sees | requirement | result | by | also failed | s |"
    yield "| --- | --- | --- | --- | --- | --- | ---: |"
    for one in proof.detections:
        cells = (
            one.id,
            one.summary,
            one.breaks,
            verdict(one),
            ", ".join(one.checks),
            ", ".join(one.crowd or one.errors),
        )
        yield "| " + " | ".join(escaped(cell) for cell in cells) + f" | {one.duration_s:.1f} |"
    for name, reason in proof.spared:
        yield ""
        yield f"No deviation breaks {name}: {escaped(reason)}"
