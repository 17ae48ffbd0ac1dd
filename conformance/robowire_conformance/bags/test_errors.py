"""Section "Error Responses" of the Bag Player API, and the parameters that section "Query Parameters" requires."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlencode

import pytest
import schemathesis
from hypothesis.strategies import SearchStrategy
from robowire_fixtures.contract import load_contract

from robowire_conformance import shape
from robowire_conformance.bags.asking import player_path
from robowire_conformance.bags.contents import STATUS
from robowire_conformance.bags.library import Library
from robowire_conformance.bags.ranges import SECOND, Range, fit, seconds
from robowire_conformance.bags.recording import Recording
from robowire_conformance.client import Answer, Client, NotJSON
from robowire_conformance.gathering import Judgement
from robowire_conformance.law import for_all
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, Violation, proves

NO_NUMBERS = ("abc", "not-a-number", "1.2.3", "twelve")
"""Texts that no reader takes for a float."""

ODD_NUMBERS = ("nan", "NaN", "inf", "-inf", "Infinity", "-Infinity", "-1", "0", "0.0000001")
"""Floats, or texts that some take for floats, of which a server may make an error or a range as it likes."""

LONGEST_QUERY = 1500
"""Longer queries are left out: a server may refuse them by their length alone."""

OK, BAD_REQUEST = 200, 400


@pytest.fixture(scope="module")
def readable(library: Library) -> tuple[str, Recording]:
    """A bag whose metadata and chunks are answered, so that an error is due to what is wrong with the request."""
    for filename, recording in library.require_readable().items():
        whole = fit(recording, recording.start_ns, recording.start_ns + SECOND)
        plain = library.client.get(player_path(filename))
        chunk = library.client.get(player_path(filename), params=_params(whole))
        if plain.status == chunk.status == OK and _is_object(plain) and _is_object(chunk):
            return filename, recording
    raise NotTested("the player answers no bag's metadata and chunks (see BAGS-PLAYER-001, BAGS-CHUNK-001)")


def _is_object(answer: Answer) -> bool:
    return answer.body.lstrip()[:1] == b"{"


def _params(asked: Range) -> dict[str, str]:
    return {"start_time": asked.start, "end_time": asked.end}


def _require_400(answers: Iterable[tuple[str, Answer]]) -> None:
    for what, answer in answers:
        if answer.status != BAD_REQUEST:
            raise Violation(what, expected=BAD_REQUEST, actual=answer.status, exchange=answer.exchange)


def _absent(library: Library) -> Iterator[str]:
    """Names that no bag has: one made for the purpose, and one of the form of a listed name."""
    names = {entry.filename for entry in library.entries}
    known = library.entries[0].filename
    twisted = known.translate(str.maketrans("0123456789", "9876543210"))
    yield "robowire-no-such-file.bag"
    if twisted not in names:
        yield twisted


@proves("BAGS-ERROR-001")
@pytest.mark.usefixtures("readable")
def test_metadata_of_an_unknown_bag_is_400(library: Library) -> None:
    """A bag that is not there has no metadata."""
    _require_400(
        (f"The player answers {name}, which is not there", library.client.get(player_path(name)))
        for name in _absent(library)
    )


@proves("BAGS-ERROR-002")
def test_a_chunk_of_an_unknown_bag_is_400(library: Library, readable: tuple[str, Recording]) -> None:
    """A bag that is not there has no chunks."""
    params = _params(_some_range(readable[1]))
    _require_400(
        (
            f"The player answers a chunk of {name}, which is not there",
            library.client.get(player_path(name), params=params),
        )
        for name in _absent(library)
    )


@proves("BAGS-ERROR-003")
def test_errors_are_explained_in_json(library: Library, readable: tuple[str, Recording]) -> None:
    """Every 400 that the other checks cause says in JSON what is wrong."""
    seen = False
    for answer in _all_errors(library, readable):
        if answer.status == BAD_REQUEST:
            seen = True
            _require_explanation(answer)
    if not seen:
        raise NotTested("the target answers no error with 400 (see BAGS-ERROR-001)")


def _require_explanation(answer: Answer) -> None:
    try:
        body = answer.json()
    except NotJSON as error:
        due = '{"error": "…"}'
        raise Violation(
            "An error is not explained in JSON", expected=due, actual=str(error), exchange=answer.exchange
        ) from error
    for finding in shape.findings("bags", "Error", body):
        raise finding.violation(answer.exchange)


def _all_errors(library: Library, readable: tuple[str, Recording]) -> Iterator[Answer]:
    filename, recording = readable
    client = library.client
    asked = _some_range(recording)
    for name in _absent(library):
        yield client.get(player_path(name))
        yield client.get(player_path(name), params=_params(asked))
    for name in library.corrupted:
        yield client.get(player_path(name))
    for params in ({"start_time": asked.start}, {"end_time": asked.end}, {**_params(asked), "start_time": "abc"}):
        yield client.get(player_path(filename), params=params)
    yield client.get(player_path(filename), params={**_params(asked), "end_time": "abc"})


def _some_range(recording: Recording) -> Range:
    return fit(recording, recording.start_ns, recording.start_ns + SECOND)


@proves("BAGS-ERROR-004")
@pytest.mark.usefixtures("readable")
def test_metadata_of_a_corrupted_bag_is_400(library: Library) -> None:
    """A file that is no bag, or is damaged, has no metadata; what a lenient server rescues of a bag may be served."""
    _judge_corrupted(library, {})


@proves("BAGS-ERROR-005")
def test_a_chunk_of_a_corrupted_bag_is_400(library: Library, readable: tuple[str, Recording]) -> None:
    """A file that is no bag, or is damaged, has no chunks; what a lenient server rescues of a bag may be served."""
    _judge_corrupted(library, _params(_some_range(readable[1])))


def _judge_corrupted(library: Library, params: Mapping[str, str]) -> None:
    if not library.corrupted:
        raise NotTested("every listed bag is sound: let the target hold a corrupted one")
    for filename, unreadable in library.corrupted.items():
        answer = library.client.get(player_path(filename), params=params)
        if answer.status == OK and unreadable.salvageable and _rescued(answer):
            continue
        text = f"{filename} is corrupted ({unreadable})"
        if answer.status != BAD_REQUEST and library.still_lists(filename):
            raise Violation(text, expected=BAD_REQUEST, actual=answer.status, exchange=answer.exchange)


def _rescued(answer: Answer) -> bool:
    """Whether an answer holds something of a damaged bag."""
    try:
        body = answer.json()
    except NotJSON:
        return False
    total = body.get("total_messages") if isinstance(body, dict) else None
    return isinstance(total, int) and total > 0


@proves("BAGS-ERROR-006")
def test_start_time_alone_is_400(library: Library, readable: tuple[str, Recording]) -> None:
    """end_time is required where there is a start_time."""
    filename, recording = readable
    answer = library.client.get(player_path(filename), params={"start_time": seconds(recording.start_ns)})
    _require_400([("A range without its required end_time is answered", answer)])


@proves("BAGS-ERROR-007")
def test_end_time_alone_is_400(library: Library, readable: tuple[str, Recording]) -> None:
    """start_time is required where there is an end_time."""
    filename, recording = readable
    answer = library.client.get(player_path(filename), params={"end_time": seconds(recording.end_ns)})
    _require_400([("A range without its required start_time is answered", answer)])


@proves("BAGS-ERROR-008")
def test_a_start_time_that_is_no_number_is_400(library: Library, readable: tuple[str, Recording]) -> None:
    """start_time is a float."""
    _require_400(_with_texts(library.client, *readable, "start_time"))


@proves("BAGS-ERROR-009")
def test_an_end_time_that_is_no_number_is_400(library: Library, readable: tuple[str, Recording]) -> None:
    """end_time is a float."""
    _require_400(_with_texts(library.client, *readable, "end_time"))


def _with_texts(client: Client, filename: str, recording: Recording, name: str) -> Iterator[tuple[str, Answer]]:
    for text in NO_NUMBERS:
        answer = client.get(player_path(filename), params={**_params(_some_range(recording)), name: text})
        yield f"{name}={text} is answered", answer


@proves("BAGS-ERROR-010")
def test_a_strange_range_is_400_or_answered(
    bags_target: Target, library: Library, readable: tuple[str, Recording], chunks: Judgement
) -> None:
    """Whatever the range is, the answer's status is 200 or 400: for odd ranges and for breaches of the contract."""
    if chunks.faulty(STATUS):
        chunks.settle(STATUS)
    filename, recording = readable
    asked = _some_range(recording)
    for odd in ODD_NUMBERS:
        _require_documented(library.client, filename, {"start_time": odd, "end_time": odd})
        _require_documented(library.client, filename, {"start_time": asked.end, "end_time": odd})
    _require_documented(library.client, filename, {"start_time": asked.end, "end_time": asked.start})
    _require_documented(library.client, filename, {"start_time": "", "end_time": ""})
    contrary = for_all(bags_target, _contrary_queries(), examples=25)
    contrary(lambda query: _require_documented(library.client, filename, query))


def _contrary_queries() -> SearchStrategy[dict[str, object]]:
    """Queries that break the contract of the player in some way, as Schemathesis makes them."""
    operation = schemathesis.openapi.from_dict(load_contract("bags"))["/bags/{filename}/player"]["GET"]
    cases = operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
    return cases.map(lambda case: dict(case.query or {}))


def _require_documented(client: Client, filename: str, query: Mapping[str, object]) -> None:
    text = urlencode(query, doseq=True, errors="replace")
    if len(text) > LONGEST_QUERY:
        return
    answer = client.get(f"{player_path(filename)}?{text}")
    if answer.status not in (OK, BAD_REQUEST):
        raise Violation(
            f"The player answers {text} with {answer.status}",
            expected="200 or 400",
            actual=answer.status,
            exchange=answer.exchange,
        )
