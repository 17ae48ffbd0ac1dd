"""Exported files compared with the raw points: their rows, columns and values, the range, and each option."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from robowire_conformance import shape
from robowire_conformance.evidence import JSON
from robowire_conformance.gathering import Judgement
from robowire_conformance.losant.asking import EXPORT, read
from robowire_conformance.losant.clock import Roomy, roomy_ranges
from robowire_conformance.losant.csvfile import CsvFile, Row, differing, says, states_of
from robowire_conformance.losant.exported_rows import ID, TIME, Key, compare, explain_identity
from robowire_conformance.losant.exporting import Export, Exporter
from robowire_conformance.losant.history import History, now_of
from robowire_conformance.losant.pieces import MOST_STATES, Piece
from robowire_conformance.losant.ranges import Range
from robowire_conformance.losant.series import Point, readable

EX = "LOSANT-EXPORT"
ENQUEUED = tuple(f"{EX}-{number:03}" for number in range(1, 5))
NOTICE, CSV, ROWS = (f"{EX}-{number}" for number in range(201, 204))
DATE, COLUMNS, VALUES, ONLY = (f"{EX}-{number}" for number in range(206, 210))
START, END, NEGATIVE, UP_TO_NOW = (f"{EX}-{number}" for number in range(211, 215))
NO_DATE, DATE_DEFAULT, NO_ID, ID_DEFAULT, PER_DEVICE, ONE_FILE, BLOB_DEFAULT = (f"{EX}-{n}" for n in range(221, 228))
SELECTED = "LOSANT-SELECT-101"
OF_FILES = (CSV, ROWS, ID, TIME, DATE, COLUMNS, VALUES, ONLY, START, END, NEGATIVE, UP_TO_NOW)
OF_OPTIONS = (NO_DATE, DATE_DEFAULT, NO_ID, ID_DEFAULT, PER_DEVICE, ONE_FILE, BLOB_DEFAULT)
SETTLED = (*ENQUEUED, NOTICE, *OF_FILES, *OF_OPTIONS)
COMPARED = (ROWS, ID, TIME, COLUMNS, VALUES, ONLY, START, END, NEGATIVE, UP_TO_NOW)
"""Those that are judged by raw points."""

MOST_OTHERS = 200
OPTIONS: Mapping[str, JSON] = {
    "includeDate": True,
    "includeID": True,
    "includeBlobData": False,
    "filePerDevice": False,
}


class ExportJudge:
    """Orders exports of one piece of history in many ways, and judges what comes."""

    def __init__(self, history: History, exporter: Exporter, piece: Piece, others: Sequence[str] = ()) -> None:
        self.history = history
        self.others = [one for one in others if one not in history.devices]
        self.exporter = exporter
        self.judgement = Judgement()
        self._piece = piece
        self._roomy = next(roomy_ranges(history, [history.devices[one] for one in piece.devices]), None)
        self._plain: dict[str, JSON] = {
            "deviceIds": list(piece.devices),
            "start": piece.range.start,
            "end": piece.range.end,
        }
        self._attribute = Counter(track.attribute for track in history.tracks).most_common(1)[0][0]

    def judge(self) -> Judgement:
        """Judge all that comes."""
        for members in ({}, *self._bodies.values()):
            self._judge_order(members)
        if self.history.api.locked_out(EXPORT):
            self.judgement.dismiss(ENQUEUED[0], reason="the token is refused (see LOSANT-AUTH-103)")
        if self.judgement.faulty(ENQUEUED[0]) or self.history.api.locked_out(EXPORT):
            self._block(NOTICE, *OF_FILES, *OF_OPTIONS, cause=ENQUEUED[0])
            return self.judgement
        base = self._collect("base")
        if base is None:
            self._block(*OF_FILES, *OF_OPTIONS, cause=NOTICE if self.judgement.faulty(NOTICE) else CSV)
            return self.judgement
        if not self._shows_these_devices(base):
            self._block(*OF_FILES[2:], *OF_OPTIONS, cause=SELECTED)
            return self.judgement
        self._judge_columns(base)
        if not self.judgement.faulty(ID, TIME):
            self._judge_rows(base)
        broken = next((one for one in (ID, TIME, START, END, ROWS) if self.judgement.faulty(one)), "")
        if broken:
            others = [one for one in (ID, TIME, START, END, ROWS) if one != broken]
            self.judgement.dismiss(*others, reason=f"{broken}, which they need, fails")
            self._block(VALUES, ONLY, NEGATIVE, UP_TO_NOW, cause=broken)
        else:
            self._judge_contents(base)
        self._judge_options(base)
        self._judge_blobs()
        self._judge_files(base)
        return self.judgement

    def _shows_these_devices(self, base: Export) -> bool:
        """Whether the rows are of the devices that were asked for; where they are of others, all else would differ."""
        shown = {row.device for row in self._rows(base)}
        due = {device for device, _ in self._due(self._piece.range)}
        if shown == due or not shown <= {*self.history.devices, *self.others} or not shown & due:
            return True
        text = "the devices of the rows are not those that deviceIds select"
        self.judgement.fault(SELECTED, base.order.fault(text, sorted(map(str, due)), sorted(map(str, shown))))
        return False

    def _judge_contents(self, base: Export) -> None:
        """Where the rows are right: their values, and other exports than the plain one."""
        if self.judgement.faulty(COLUMNS):
            self._block(VALUES, ONLY, cause=COLUMNS)
        else:
            self._judge_values(base)
            self._judge_attributes()
        self._judge_ends()

    def _block(self, *requirements: str, cause: str) -> None:
        self.judgement.block(*requirements, reason=f"{cause}, which it needs, fails or cannot be seen")

    @property
    def _bodies(self) -> dict[str, dict[str, JSON]]:
        """All exports of interest, by what is special about them."""
        plain, options = self._plain, dict(OPTIONS)
        bodies: dict[str, dict[str, JSON]] = {"base": {**plain, "options": options}}
        bodies["attributes"] = {**plain, "attributes": [self._attribute], "options": options}
        for name, value in (("includeDate", False), ("includeID", False), ("includeBlobData", True)):
            bodies[name] = {**plain, "options": {**options, name: value}}
        bodies["filePerDevice"] = {**plain, "options": {**options, "filePerDevice": True}}
        for name in OPTIONS:
            bodies[f"without {name}"] = {**plain, "options": {one: options[one] for one in options if one != name}}
        since = self._since
        bodies["zero"] = {"deviceIds": plain["deviceIds"], "start": since, "end": 0, "options": options}
        bodies["absent"] = {"deviceIds": plain["deviceIds"], "start": since, "options": options}
        return bodies

    @property
    def _since(self) -> int:
        """Since when these devices have reported at most a few hundred times, up to the end of what is known."""
        times = sorted(point.time for one in self._piece.devices for point in self.history.devices[one].points)
        return times[-min(MOST_STATES, len(times))] - 1

    def _judge_order(self, body: Mapping[str, JSON]) -> None:
        """The answer to an order; `{}` stands for the plain one."""
        order = self.exporter.order(body or self._bodies["base"])
        answered = read(order.answer)
        if order.answer.status != 202 or not isinstance(answered, dict):
            text = "A valid export is not answered 202 with an object"
            self.judgement.fault(ENQUEUED[0], order.fault(text, 202, order.answer.status))
            return
        findings = shape.findings("losant", "JobEnqueuedResult", answered)
        for finding in findings:
            self.judgement.fault(finding.requirement, order.fault(finding.message, finding.expected, finding.actual))
        broken = {finding.requirement for finding in findings}
        for requirement, member in zip(ENQUEUED, (None, "jobQueued", "jobId", "success"), strict=True):
            if requirement not in broken and (member is None or member in answered):
                self.judgement.saw(requirement)

    def _collect(self, name: str, files: int = 1) -> Export | None:
        """What comes of one of the exports; None, and a fault, where nothing can be read of it."""
        export = self.exporter.collect(self._bodies[name], files)
        if export.read:
            self.judgement.saw(NOTICE)
            self.judgement.saw(CSV)
            return export
        requirement = CSV if export.links else NOTICE
        self.judgement.fault(requirement, export.order.fault(export.trouble, "a link to a CSV file", export.trouble))
        return None

    def _rows(self, export: Export) -> list[Row]:
        return [row for file in export.files for row in file.rows]

    def _due(self, within: Range) -> Counter[Key]:
        """The states of a range by device and time."""
        return Counter[Key](
            (device, point.time)
            for device in self._piece.devices
            for point in self._points(device)
            if within.start <= point.time <= within.end
        )

    def _points(self, device: str) -> Sequence[Point]:
        return self.history.devices[device].points

    def _judge_columns(self, base: Export) -> None:
        file, order = base.files[0], base.order
        due = {time for _, time in self._due(self._piece.range)}
        present = ((ID, file.id, "the devices' ids"), (TIME, file.time, "milliseconds"), (DATE, file.date, "ISO dates"))
        for requirement, column, what in present:
            if column is None and file.rows:
                self.judgement.fault(requirement, order.fault(f"No column holds {what}", what, list(file.heading)))
        times, dates = {row.time for row in file.rows}, {row.date for row in file.rows}
        if file.date is not None and file.time is not None and times != dates:
            wrong = TIME if len(dates & due) > len(times & due) else DATE
            row = next(row for row in file.rows if row.time != row.date)
            text = "A row's timestamp and date are different moments"
            self.judgement.fault(wrong, order.fault(text, row.time, row.date))
        elif file.date is not None and file.rows:
            self.judgement.saw(DATE)
        self._judge_headings(base, file)

    def _judge_headings(self, base: Export, file: CsvFile) -> None:
        names = {
            name
            for device in self._piece.devices
            for point in self._points(device)
            if self._piece.range.start < point.time < self._piece.range.end
            for name in point.data
        }
        lost = sorted(names - set(file.attributes))
        twice = sorted({name for name in names if list(file.heading).count(name) > 1})
        if lost or twice:
            text = f"{', '.join(lost or twice)} has not one column"
            self.judgement.fault(COLUMNS, base.order.fault(text, sorted(names), list(file.heading)))
        elif names:
            self.judgement.saw(COLUMNS)

    def _judge_rows(self, base: Export) -> None:
        due = self._due(self._piece.range)
        got = Counter[Key]((row.device, row.moment) for row in self._rows(base))
        if not explain_identity(self.judgement, base, due, got):
            compare(self.judgement, base, due, got, asked=self._piece.range, judged=(ROWS, START, END))

    def _judge_values(self, base: Export) -> None:
        """Compare cells; attributes whose cells depend on includeBlobData are blobs and may be shown in any way."""
        blob = self._collect("includeBlobData")
        if blob is None:
            return
        blobs = differing(self._rows(base), self._rows(blob))
        known = {(one, point.time): point for one in self._piece.devices for point in self._points(one)}
        often = Counter((one, point.time) for one in self._piece.devices for point in self._points(one))
        for row in self._rows(base):
            point = known.get((str(row.device), row.moment or 0))
            if point is None or often[(str(row.device), row.moment or 0)] > 1:
                continue
            for name, cell in row.cells.items():
                value = point.data.get(name)
                right = not cell if value is None else says(cell, value)
                if name in blobs or (isinstance(value, str) and name in self._references):
                    continue
                if right:
                    self.judgement.saw(VALUES)
                else:
                    text = f"{name} of {row.device} at {readable(row.moment or 0)}"
                    self.judgement.fault(VALUES, base.order.fault(text, value, cell))

    @property
    def _references(self) -> frozenset[str]:
        """Attributes whose values are addresses, as a server may show blobs."""
        return frozenset(t.attribute for t in self.history.tracks if all("://" in str(value) for _, value in t.raw))

    def _judge_attributes(self) -> None:
        export = self._collect("attributes")
        if export is None:
            return
        others = sorted({name for file in export.files for name in file.attributes} - {self._attribute})
        if others:
            text = f"With attributes [{self._attribute!r}] there are columns of others"
            self.judgement.fault(ONLY, export.order.fault(text, [self._attribute], others))
            return
        # Rows of states that report nothing of it may be left out, or stand there empty.
        got = {(row.device, row.moment) for row in self._rows(export) if row.cells.get(self._attribute)}
        inside = self._piece.range
        due = {
            (device, point.time)
            for device in self._piece.devices
            for point in self._points(device)
            if inside.start < point.time < inside.end and point.data.get(self._attribute, "") != ""
        }
        if got != due:
            text = f"With attributes [{self._attribute!r}] there are not the rows of it"
            shown = [str(one) for one in sorted(map(str, got ^ due))[:3]]
            self.judgement.fault(ONLY, export.order.fault(text, f"{len(due)} rows", f"{len(got)} rows, odd: {shown}"))
        elif due:
            self.judgement.saw(ONLY)

    def _judge_ends(self) -> None:
        """Ranges that end now, and ranges relative to now."""
        since = Range(self._since, self.history.end)
        due = self._due(since)
        for name in ("zero", "absent"):
            export = self._collect(name)
            if export is not None:
                rows = [row for row in self._rows(export) if (row.moment or 0) <= self.history.end]
                got = Counter[Key]((row.device, row.moment) for row in rows)
                compare(self.judgement, export, due, got, asked=since, judged=(UP_TO_NOW,) * 3)
        if self._roomy is not None and not self.judgement.faulty(START, END, ROWS):
            self._judge_relative(self._roomy)

    def _judge_relative(self, roomy: Roomy) -> None:
        now = now_of(self.history.api, roomy.device.id)
        asked_for: dict[str, JSON] = {"start": roomy.start - now, "end": roomy.end - now}
        body = {"deviceIds": [roomy.device.id], **asked_for, "options": dict(OPTIONS)}
        export = self.exporter.collect(body)
        asked = Range(roomy.start, roomy.end)
        points = [point for point in roomy.device.points if asked.start < point.time < asked.end]
        due = Counter[Key]((roomy.device.id, point.time) for point in points)
        if not export.read:
            self.judgement.fault(NEGATIVE, export.order.fault(export.trouble, "a link to a CSV file", export.trouble))
            return
        got = Counter[Key]((row.device, row.moment) for row in self._rows(export))
        compare(self.judgement, export, due, got, asked=asked, judged=(NEGATIVE,) * 3)

    def _judge_options(self, base: Export) -> None:
        without: Sequence[tuple[str, str, Callable[[CsvFile], object], str]] = (
            (NO_DATE, "includeDate", lambda file: file.date, DATE),
            (NO_ID, "includeID", lambda file: file.id, ID),
        )
        for requirement, name, column, control in without:
            export = self._collect(name)
            if export is None or self.judgement.faulty(control) or column(base.files[0]) is None:
                self._block(requirement, cause=control)
            elif any(column(file) is not None for file in export.files):
                text = f"With {name} false there is such a column still"
                self.judgement.fault(requirement, export.order.fault(text, "no column", list(export.files[0].heading)))
            elif self._rows(export):
                self.judgement.saw(requirement)
        defaults = {"includeDate": DATE_DEFAULT, "includeID": ID_DEFAULT, "includeBlobData": BLOB_DEFAULT}
        for name, requirement in defaults.items():
            export = self._collect(f"without {name}")
            if export is None:
                continue
            if export.content != base.content:
                due, got = list(base.files[0].heading), list(export.files[0].heading)
                text = f"Without {name} the file is not as with {name} {OPTIONS[name]}"
                self.judgement.fault(requirement, export.order.fault(text, due, got))
            else:
                self.judgement.saw(requirement)

    def _judge_blobs(self) -> None:
        """Other devices, some of which may have blobs: without includeBlobData they are not given."""
        whole = {"aggregation": "COUNT", "resolution": self.history.end, "deviceIds": self.others}
        devices = (self.history.ask(1, self.history.end, **whole).devices or {}) if self.others else {}
        counts = {
            one.id: [int(value) for point in one.points for value in point.data.values()] for one in devices.values()
        }
        few = [one for one, numbers in counts.items() if 0 < max(numbers, default=0) <= MOST_STATES]
        plain: dict[str, JSON] = {"deviceIds": few[:MOST_OTHERS], "start": 1, "end": self.history.end}
        without = {name: value for name, value in OPTIONS.items() if name != "includeBlobData"}
        if not few:
            return
        due, got = (self.exporter.collect({**plain, "options": dict(one)}) for one in (OPTIONS, without))
        if due.read and got.read and due.content != got.content:
            text = "Without includeBlobData the file is not as with includeBlobData false"
            self.judgement.fault(BLOB_DEFAULT, got.order.fault(text, "the same file", "another one"))

    def _judge_files(self, base: Export) -> None:
        """One file for all devices, or one for each."""
        count = len({device for device, _ in self._due(self._piece.range)})
        plain = self._collect("without filePerDevice")
        for export in (base, plain):
            if export is not None and len(export.files) != 1:
                text = "Without filePerDevice there is not one file"
                self.judgement.fault(ONE_FILE, export.order.fault(text, 1, len(export.files)))
            elif export is not None and count > 1:
                self.judgement.saw(ONE_FILE)
        single = self._collect("filePerDevice", files=count)
        if single is None or count < 2:
            self._block(PER_DEVICE, cause=NOTICE)
            return
        filled = [file for file in single.files if file.rows]
        mixed = [file for file in filled if len({row.device for row in file.rows}) > 1]
        if mixed or len(filled) != count or states_of(self._rows(single)) != states_of(self._rows(base)):
            text = "With filePerDevice the states of each device are not in a file of their own"
            self.judgement.fault(PER_DEVICE, single.order.fault(text, f"{count} files", f"{len(single.files)} files"))
        else:
            self.judgement.saw(PER_DEVICE)
