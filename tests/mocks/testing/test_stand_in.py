"""Mocks in the place of their API's address: a block, functions of every kind, the tests of a class."""

import asyncio
import inspect
import unittest
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from freezegun import freeze_time
from robowire_mocks.foxglove import FoxgloveMock
from robowire_mocks.testing import MockHandle, mock_bags, mock_foxglove, mock_losant

FOX = "https://api.foxglove.dev/v1"
KEY = {"Authorization": "Bearer fox_sk_robowire_all"}
Fox = MockHandle[FoxgloveMock]


def names() -> list[str]:
    """The devices that the API has, wherever it is."""
    answer = requests.get(f"{FOX}/devices", headers=KEY, timeout=10)
    return [device["name"] for device in answer.json()]


def create(name: str) -> None:
    """Create a device there."""
    requests.post(f"{FOX}/devices", json={"name": name}, headers=KEY, timeout=10).raise_for_status()


@pytest.fixture(autouse=True)
def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked of the real API fails."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")


def test_a_block_has_a_mock_of_its_own() -> None:
    """Clean each time; before and after, the API is where it was."""
    for _ in range(2):
        with mock_foxglove() as fox:
            create("tug-99")
            assert "tug-99" in names()
            assert (fox.url, fox.origin, fox.token) == (FOX, "https://api.foxglove.dev", "fox_sk_robowire_all")
            assert [entry.operation for entry in fox.requests] == ["createDevice", "listDevices"]
        with pytest.raises(requests.ConnectionError):
            names()


def test_blocks_may_be_one_within_another() -> None:
    """The inner one is asked; the outer one is as it was. Other APIs are beside them."""
    place = mock_foxglove()
    with place, mock_losant(), mock_bags() as bags:
        create("outer")
        with place:
            create("inner")
            assert "outer" not in names()
        assert "outer" in names()
        assert "inner" not in names()
        assert requests.get(f"{bags.url}/bags/", timeout=10).json()


def test_a_world_is_chosen(tmp_path: Path) -> None:
    """A table, a file, one with a deviation; what it says can be read."""
    table = {"key": [{"key": "fox_sk_robowire_all", "capabilities": ["*"]}], "device": [{"name": "only"}]}
    with mock_foxglove(world=table) as fox:
        assert names() == ["only"]
        assert fox.world.device[0].name == "only"
    file = tmp_path / "mine.toml"
    file.write_text('[[key]]\nkey = "fox_sk_robowire_all"\ncapabilities = ["*"]\n', encoding="utf-8")
    with mock_foxglove(world=file, deviate=["anonymous-403"]) as fox:
        assert names() == []
        assert fox.deviations == ("anonymous-403",)
    file.write_text(file.read_text("utf-8") + '[[device]]\nname = "new"\n', encoding="utf-8")
    with mock_foxglove(world=file) as fox:
        assert names() == ["new"]
        fox.load("foxglove")
        assert "tug-01" in names()


def test_there_is_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even for what is uploaded, or what a link leads to."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a socket was asked for")

    monkeypatch.setattr("socket.socket", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    with mock_foxglove() as fox:
        asked = {"filename": "a.mcap", "deviceName": "tug-01"}
        link = requests.post(f"{FOX}/data/upload", json=asked, headers=KEY, timeout=10).json()["link"]
        assert link.startswith("https://api.foxglove.dev/")
        assert requests.put(link, data=b"damaged", timeout=10).ok
        assert fox.imports.wait()
        link = httpx.post(f"{FOX}/data/stream", json={"recordingId": "rec_robowire_bench"}, headers=KEY).json()["link"]
        assert httpx.get(link).content.startswith(b"\x89MCAP0")


def test_an_address_is_chosen() -> None:
    """That of a robot of one's own."""
    with mock_bags(address="http://10.0.0.7:8090/bags/") as bags:
        assert bags.url == "http://10.0.0.7:8090"
        assert requests.get("http://10.0.0.7:8090/bags/", timeout=10).json()


def test_controls_of_an_api_are_at_hand() -> None:
    """Those that the server's control has too."""
    with mock_foxglove() as fox:
        assert fox.reading("attempts") == []
        fox.act("rate", requests_per_second=1)
        names()
        assert requests.get(f"{FOX}/devices", headers=KEY, timeout=10).status_code == 429
        with pytest.raises(ValueError, match="no control is called 'outbox'"):
            fox.reading("outbox")
        with pytest.raises(ValueError, match="no control is called 'rates'"):
            fox.act("rates")


# ---- functions


@mock_foxglove
def test_a_function_is_decorated() -> None:
    """Without an argument."""
    create("tug-99")


@mock_foxglove
def test_a_function_gets_the_mock_if_it_wants(foxglove_mock: Fox, tmp_path: Path) -> None:
    """Beside fixtures, of which pytest still knows."""
    assert tmp_path.exists()
    assert foxglove_mock.url == FOX
    assert "tug-99" not in names()


@mock_foxglove(world="foxglove")
@mock_bags
@pytest.mark.parametrize("number", [1, 2])
def test_decorators_go_with_others(number: int, foxglove_mock: Fox, bags_mock: Any) -> None:
    """Of ours and of pytest's."""
    assert number
    assert (foxglove_mock.api, bags_mock.api) == ("foxglove", "bags")


def test_functions_of_every_kind_are_decorated() -> None:
    """What they give and what they are stays; each call has a mock of its own."""

    @mock_foxglove
    async def coroutine(name: str, foxglove_mock: Fox) -> int:
        async with httpx.AsyncClient(headers=KEY) as client:
            (await client.post(f"{FOX}/devices", json={"name": name})).raise_for_status()
        return len(foxglove_mock.requests)

    @mock_foxglove
    def generator() -> Iterator[bool]:
        yield "tug-99" in names()
        create("tug-99")
        yield "tug-99" in names()

    @mock_foxglove
    async def asynchronous() -> AsyncIterator[bool]:
        yield "tug-99" in names()

    assert inspect.iscoroutinefunction(coroutine)
    assert list(inspect.signature(coroutine).parameters) == ["name"]
    assert [asyncio.run(coroutine("tug-99")) for _ in range(2)] == [1, 1]  # type: ignore[call-arg]  # the mock comes
    assert list(generator()) == [False, True]

    async def all_of_it() -> list[bool]:
        return [value async for value in asynchronous()]

    assert asyncio.run(all_of_it()) == [False]

    async def block() -> list[str]:
        async with mock_foxglove():
            return names()

    assert "tug-01" in asyncio.run(block())


def test_what_fails_tells_the_requests() -> None:
    """In a note of the exception, which every test runner shows."""

    @mock_foxglove
    def failing() -> None:
        requests.get(f"{FOX}/devcies", headers=KEY, timeout=10).raise_for_status()

    with pytest.raises(requests.HTTPError) as error:
        failing()
    (note,) = error.value.__notes__
    assert note.startswith("robowire requests (foxglove):\nGET /v1/devcies -> 404 (")


def test_what_has_no_tests_is_not_decorated() -> None:
    """A class without tests, and what cannot be called."""

    class Helper:
        """No tests."""

    with pytest.raises(TypeError, match="Helper has no tests"):
        mock_foxglove(Helper)
    with pytest.raises(TypeError, match="not 7"):
        mock_foxglove(7)


# ---- classes


@mock_foxglove
class TestClass:
    """Each test has a clean mock, with what is set up for it."""

    foxglove_mock: Fox

    def setup_method(self) -> None:
        """Is within the mock."""
        assert "set-up" not in names()
        create("set-up")

    def teardown_method(self) -> None:
        """Too."""
        assert "set-up" in names()

    @pytest.mark.parametrize("number", [1, 2])
    def test_is_clean(self, number: int) -> None:
        """But for what was set up."""
        assert "test" not in names()
        create("test")
        assert len(self.foxglove_mock.requests) == 4 + 0 * number

    def test_is_a_test(self) -> None:
        """As any other."""
        assert "set-up" in names()


@mock_foxglove
class TestCases(unittest.TestCase):
    """The same with unittest."""

    foxglove_mock: Fox

    def setUp(self) -> None:
        """Is within the mock."""
        create("set-up")

    def tearDown(self) -> None:
        """Too."""
        assert "set-up" in names()

    def test_one(self) -> None:
        """Clean."""
        create("test")
        self.assertIn("test", names())  # noqa: PT009  # unittest's own way

    def test_two(self) -> None:
        """Clean too."""
        create("test")
        assert len(self.foxglove_mock.requests) == 2


class TestInherited(TestCases):
    """Tests of a class that was decorated."""

    def setUp(self) -> None:
        """Without that of the base."""
        create("set-up")
        self.addCleanup(create, "cleaned")


@mock_foxglove
class TestAsynchronous(unittest.IsolatedAsyncioTestCase):
    """Coroutines as well."""

    async def asyncSetUp(self) -> None:
        """Is within the mock."""
        create("set-up")

    async def test_coroutine(self) -> None:
        """With httpx."""
        async with httpx.AsyncClient(headers=KEY) as client:
            assert "set-up" in (await client.get(f"{FOX}/devices")).text


def test_unittest_alone_runs_them() -> None:
    """Without pytest."""
    for case in (TestCases, TestInherited, TestAsynchronous):
        result = unittest.TestResult()
        unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
        assert result.testsRun >= 1
        assert not result.errors, result.errors[0][1]
        assert not result.failures, result.failures[0][1]


def test_unittest_alone_tells_the_requests() -> None:
    """Of whatever fails in a case: while it is set up, in the test, in a part of it, and while it is torn down."""

    @mock_foxglove
    class Failing(unittest.TestCase):
        def setUp(self) -> None:
            names()
            self.assertNotIn("set_up", self.id())  # noqa: PT009  # unittest's own way

        def tearDown(self) -> None:
            assert "torn_down" not in self.id()

        def test_set_up(self) -> None: ...

        def test_torn_down(self) -> None: ...

        def test_itself(self) -> None:
            raise ValueError

        def test_part(self) -> None:
            for number in range(2):
                with self.subTest(number=number):
                    assert number

    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Failing)
    result = unittest.TestResult()
    suite.run(result)
    texts = [text for _, text in [*result.errors, *result.failures]]
    assert len(texts) == 4
    assert all("robowire requests (foxglove):\nGET /v1/devices -> 200" in text for text in texts), texts
    alone = Failing("test_itself").run()
    assert alone is not None
    assert "GET /v1/devices" in alone.errors[0][1]


# ---- time


@freeze_time("2031-05-06T07:08:09Z")
@mock_foxglove
def test_a_frozen_time_is_the_mocks() -> None:
    """What is created has it, and the world's events lie before it, whichever decorator is the outer one."""
    create("tug-99")
    device = requests.get(f"{FOX}/devices/tug-99", headers=KEY, timeout=10).json()
    assert device["createdAt"].startswith("2031-05-06T07:08:09")
    events = requests.get(f"{FOX}/events", headers=KEY, timeout=10).json()
    newest = max(datetime.fromisoformat(event["start"][:19] + "Z") for event in events)
    assert datetime(2031, 5, 5, tzinfo=UTC) < newest < datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


test_a_frozen_time_is_the_mocks_the_other_way_round = mock_foxglove(
    freeze_time("2031-05-06T07:08:09Z")(inspect.unwrap(test_a_frozen_time_is_the_mocks))
)
