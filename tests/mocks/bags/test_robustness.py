"""Whatever is asked for and whatever lies in the folder: a documented answer, never a fault of the mock."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote_from_bytes

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from robowire_generators.broken import BREAKAGES, break_bag
from robowire_generators.demo import DEMO_BAGS
from robowire_mocks.bags import BagsMock
from robowire_mocks.bags.world import World

SOUND = [bag.name for bag in DEMO_BAGS if bag.breakage is None]
BOUNDS = st.sampled_from(["start_time", "end_time", "x"])
VALUES = st.text(max_size=8).map(lambda text: text.encode("utf-8", "surrogatepass")) | st.floats().map(
    lambda number: repr(number).encode()
)
QUERIES = st.lists(st.tuples(BOUNDS, VALUES), max_size=4).map(
    lambda pairs: "&".join(f"{name}={quote_from_bytes(value)}" for name, value in pairs)
)
NAMES = st.binary(max_size=12).map(quote_from_bytes) | st.sampled_from([*SOUND, "..", "none.bag"])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, operation=st.sampled_from(["player", "download", "", "x"]), query=QUERIES)
def test_any_path_and_query(mock: BagsMock, name: str, operation: str, query: str) -> None:
    """200, 400 or 404; errors are JSON objects with a text."""
    answer = mock.app.test_client().get(f"/bags/{name}/{operation}?{query}", buffered=True)
    assert answer.status_code in {200, 400, 404}
    if answer.status_code != 200:
        assert list(answer.get_json()) == ["error"]
        assert isinstance(answer.get_json()["error"], str)
    if operation == "player":
        assert answer.status_code in {200, 400}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"]),
    path=st.sampled_from(["/bags/", "/bags", "/bags/a/player", "/bags/a/download", "/", "/bags/a", "/favicon.ico"]),
)
def test_any_method(mock: BagsMock, method: str, path: str) -> None:
    """404 or 405, in JSON."""
    answer = mock.app.test_client().open(path, method=method)
    assert answer.status_code in {404, 405}
    assert list(answer.get_json()) == ["error"]


@pytest.fixture(scope="module")
def one_bag(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FlaskClient, Path]]:
    """A mock of a folder with the place for one bag in it."""
    folder = tmp_path_factory.mktemp("damaged")
    with BagsMock(World(folder=folder), None, control=False) as mock:
        yield mock.app.test_client(), folder / "a.bag"


def check(client: FlaskClient) -> None:
    """The list is given; metadata and chunks are, or are refused."""
    assert client.get("/bags/").status_code == 200
    for query in ("", "?start_time=0&end_time=5e9", "?start_time=1698762610&end_time=1698762611"):
        answer = client.get(f"/bags/a.bag/player{query}")
        assert answer.status_code in {200, 400}
        assert ("error" in answer.get_json()) == (answer.status_code == 400)


@settings(max_examples=60, deadline=None)
@given(
    bag=st.sampled_from(SOUND),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8)), max_size=4),
    cut=st.none() | st.floats(0, 1),
)
def test_any_damage(
    one_bag: tuple[FlaskClient, Path],
    demo_folder: Path,
    bag: str,
    changes: list[tuple[float, bytes]],
    cut: float | None,
) -> None:
    """Bytes overwritten anywhere, and the file cut off anywhere."""
    client, place = one_bag
    raw = bytearray((demo_folder / bag).read_bytes())
    for where, text in changes:
        at = int(where * len(raw))
        raw[at : at + len(text)] = text
    place.unlink(missing_ok=True)
    place.write_bytes(raw if cut is None else raw[: int(cut * len(raw))])
    check(client)


@pytest.mark.parametrize("breakage", sorted(BREAKAGES))
def test_every_broken_bag(one_bag: tuple[FlaskClient, Path], demo_folder: Path, breakage: str) -> None:
    """Of the family that the generator makes."""
    client, place = one_bag
    place.unlink(missing_ok=True)
    place.write_bytes(break_bag(breakage, (demo_folder / SOUND[0]).read_bytes()))
    check(client)


def test_a_bag_that_may_not_be_read(
    tmp_path: Path, make_mock: Callable[..., BagsMock], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is listed, and refused like a corrupted one."""
    (tmp_path / "a.bag").write_bytes(b"#ROSBAG V2.0\n")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    client = make_mock(tmp_path).app.test_client()
    monkeypatch.setattr(Path, "open", refuse)
    check(client)
    answer = client.get("/bags/a.bag/player")
    assert (answer.status_code, "Permission denied" in answer.get_json()["error"]) == (400, True)
    assert client.get("/bags/a.bag/download").status_code == 404


def test_many_clients_at_once(mock: BagsMock) -> None:
    """Each gets what it would get alone."""
    queries = [
        f"/bags/{name}/{rest}"
        for name in SOUND
        for rest in (
            "player",
            "player?start_time=0&end_time=5e9",
            "player?start_time=1698847830&end_time=1698847835",
            "download",
        )
    ]
    paths = ["/bags/", *queries]

    def ask(path: str) -> bytes:
        return bytes(mock.app.test_client().get(path).data)

    alone = [ask(path) for path in paths]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, paths * 3)) == alone * 3
