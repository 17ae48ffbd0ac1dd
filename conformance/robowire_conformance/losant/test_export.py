"""Section "Export": the job, its notice, and the file, row by row."""

from contextlib import suppress

import pytest

from robowire_conformance.gathering import Judgement
from robowire_conformance.listener import Listener
from robowire_conformance.losant.asking import EXPORT, DataApi
from robowire_conformance.losant.exported import COMPARED, OPTIONS, SELECTED, SETTLED, ExportJudge
from robowire_conformance.losant.exporting import Exporter
from robowire_conformance.losant.fleet import Fleet, Selection, Selectors, TimeSeriesWay
from robowire_conformance.losant.history import History
from robowire_conformance.losant.pieces import Piece, piece_of
from robowire_conformance.losant.raw_points import raw_trusted
from robowire_conformance.losant.selecting import OF_EXPORTS, SHOWN_TAGS, Selecting, of_tags
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, proves


@pytest.fixture(scope="module")
def piece(history: History) -> Piece:
    """What is exported."""
    found = piece_of(history)
    if found is None:
        raise NotTested("no device has reported often enough: give device_ids of one that has reported ten times")
    return found


@pytest.fixture(scope="module")
def exporter(losant_target: Target, api: DataApi, listener: Listener, history: History) -> Exporter:
    """Orders exports whose notices come to the suite."""
    if not listener.hears:
        raise NotTested(
            "notices cannot be received: give callback_host, a name of this machine that the target reaches"
        )
    named = [str(one) for one in losant_target.values.get("attributes", ())]
    return Exporter(api, listener, sorted({track.attribute for track in history.tracks} | set(named)))


@pytest.fixture(scope="module")
def exports(
    history: History, points: Judgement, exporter: Exporter, piece: Piece, request: pytest.FixtureRequest
) -> Judgement:
    """The judgement on exports of one piece of history in many ways."""
    others: list[str] = []
    with suppress(NotTested):  # the other devices are needed for little
        fleet, _ = request.getfixturevalue("explored")
        others = sorted(fleet.known)
    judgement = ExportJudge(history, exporter, piece, others).judge()
    broken = raw_trusted(points)
    if broken:
        judgement.dismiss(*COMPARED, reason=f"{broken}, which it needs, fails")
    return judgement


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in SETTLED])
def test_exports(exports: Judgement, requirement: str) -> None:
    """An export is enqueued, announced, and holds the states that were asked for in the form that was asked for."""
    exports.settle(requirement, without="no export has shown it (see LOSANT-EXPORT-201, -202)")


class ExportWay:
    """Selection in exports: the devices that have rows. Rehearsed first, so that all exports run at once."""

    def __init__(self, exporter: Exporter, piece: Piece, visible: frozenset[str]) -> None:
        self._exporter = exporter
        self._range = {"start": piece.range.start, "end": piece.range.end, "options": dict(OPTIONS)}
        self.visible = visible
        self.rehearsing = True

    def select(self, selectors: Selectors) -> Selection:
        """The devices of the rows."""
        body = {**self._range, **selectors}
        order = self._exporter.order(body)
        if self.rehearsing:
            return Selection(selectors, order.answer, frozenset())
        export = self._exporter.collect(body)
        rows = [row for file in export.files for row in file.rows]
        if not export.read or any(row.device is None for row in rows):
            return Selection(selectors, order.answer, None)
        return Selection(selectors, order.answer, frozenset(str(row.device) for row in rows))


@pytest.fixture(scope="module")
def selection(
    exports: Judgement, explored: tuple[Fleet, TimeSeriesWay], exporter: Exporter, piece: Piece, selected: Judgement
) -> Judgement:
    """The judgement on selection in exports."""
    if exports.faulty(SELECTED):
        return exports
    missing = [one for one in NEEDED if exports.faulty(one)]
    if missing or exporter.api.locked_out(EXPORT):
        raise NotTested(f"{(missing or NEEDED)[0]}, which it needs, fails")
    fleet, _ = explored
    way = ExportWay(exporter, piece, frozenset(piece.devices) & frozenset(fleet.known))
    Selecting(fleet, way, OF_EXPORTS).judge()
    way.rehearsing = False
    judgement = Selecting(fleet, way, OF_EXPORTS).judge()
    if selected.faulty(SHOWN_TAGS) or not fleet.tagged:
        judgement.dismiss(*of_tags(OF_EXPORTS), reason=f"the tags that answers show are wrong (see {SHOWN_TAGS})")
    return judgement


NEEDED = tuple(f"LOSANT-EXPORT-{number}" for number in ("001", "201", "202", "203", "204", "211", "212"))
"""What has to be right of exports before their devices tell of selection."""

SELECT = [f"LOSANT-SELECT-{OF_EXPORTS + digit}" for digit in range(1, 11)]


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in SELECT])
def test_selection(selection: Judgement, requirement: str) -> None:
    """Each selector selects what it says, and several together their union."""
    selection.settle(requirement, without="the devices that have reported lately give no occasion to see it")
