"""Small clients are judged as they should be: right ones pass, wrong ones fail or are warned, with the reason."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import small_clients as clients
from robowire_fixtures.scenarios import load_scenarios
from robowire_mocks import create_mock
from robowire_mocks.core.mock import Mock
from robowire_mocks.in_process import in_place_of
from robowire_mocks.rehearsal import ELSEWHERE, Client, Place, Status, Verdict, rehearsing

ADDRESSES = {"foxglove": "https://api.foxglove.dev", "bags": "http://192.168.25.25:8090"}

Judge = Callable[[str, str, Client], Verdict]


@pytest.fixture(scope="module")
def bases() -> Iterator[dict[str, Mock[Any]]]:
    """A mock of each API, made once."""
    with ExitStack() as stack:
        yield {api: stack.enter_context(create_mock(api)) for api in ADDRESSES}


@pytest.fixture
def judge(bases: dict[str, Mock[Any]], monkeypatch: pytest.MonkeyPatch) -> Judge:
    """Plays a scenario to a client in process; where it sleeps, only the mock's time passes."""

    def judged(api: str, scenario: str, client: Client) -> Verdict:
        address = ADDRESSES[api]
        with bases[api].fork() as mock, in_place_of(address, mock), in_place_of(f"https://{ELSEWHERE}", mock):
            mock.clock.freeze()
            monkeypatch.setattr(time, "sleep", mock.clock.advance)
            with rehearsing(scenario, mock) as stage:
                stage.honest = _undisturbed(bases[api], client, address) if scenario == "bag-purged" else None
                client(Place(address + mock.url_path, mock.token))
            return stage.verdict

    return judged


def _undisturbed(base: Mock[Any], client: Client, address: str) -> Any:
    with base.fork() as mock, in_place_of(address, mock):
        client(Place(address, ""))
        return tuple(mock.requests)


CASES = [
    ("foxglove", "too-many-requests", clients.lists_patiently, "passed", ""),
    ("foxglove", "too-many-requests", clients.lists_once, "warned", "did not ask again"),
    ("foxglove", "too-many-requests", clients.lists_hastily, "warned", "before it was told to"),
    ("foxglove", "too-many-requests", clients.lists_carelessly, "failed", "ended as if it had it"),
    ("foxglove", "too-many-requests", clients.lists_with_the_key_in_the_url, "warned", "put its key into the URL"),
    ("foxglove", "too-many-requests-until", clients.lists_patiently, "passed", ""),
    ("foxglove", "too-many-requests-until", clients.lists_hastily, "warned", "before it was told to"),
    ("foxglove", "unavailable", clients.lists_patiently, "passed", ""),
    ("foxglove", "unavailable", clients.lists_hastily, "warned", "without a pause"),
    ("foxglove", "down", clients.lists_once, "passed", ""),
    ("foxglove", "down", clients.lists_hastily, "warned", "it asked 30 times"),
    ("foxglove", "down", clients.lists_carelessly, "failed", "ended as if it had it"),
    ("foxglove", "key-refused", clients.lists_patiently, "passed", ""),
    ("foxglove", "key-refused", clients.lists_hastily, "warned", "it asked 30 times"),
    ("foxglove", "answer-lost", clients.creates_once, "passed", ""),
    ("foxglove", "answer-lost", clients.creates_after_a_look, "passed", ""),
    ("foxglove", "answer-lost", clients.creates_blindly, "warned", "now it is there twice"),
    ("foxglove", "answer-lost", clients.creates_and_forgets, "failed", "did not look"),
    ("foxglove", "answer-lost", clients.creates_and_goes_on, "failed", "did not look"),
    ("foxglove", "answer-cut", clients.lists_patiently, "passed", ""),
    ("foxglove", "answer-cut", clients.lists_carelessly, "failed", "ended as if it had it"),
    ("foxglove", "bad-json", clients.lists_once, "passed", ""),
    ("foxglove", "bad-json", clients.lists_carelessly, "warned", "ended as if it had it"),
    ("foxglove", "new-import-status", clients.reads_recordings, "passed", ""),
    ("foxglove", "new-import-status", clients.reads_recordings_strictly, "failed", "it failed: ValueError"),
    ("foxglove", "unknown-members", clients.reads_recordings, "passed", ""),
    ("foxglove", "unknown-members", clients.reads_devices_strictly, "failed", "robowireUnknown"),
    ("foxglove", "link-expires", clients.downloads_patiently, "passed", ""),
    ("foxglove", "link-expires", clients.downloads_once, "warned", "did not ask for a new link"),
    ("foxglove", "link-expires", clients.downloads_whatever_comes, "failed", "ended as if it had it"),
    ("foxglove", "links-elsewhere", clients.downloads_once, "passed", ""),
    ("foxglove", "links-elsewhere", clients.downloads_an_attachment, "passed", ""),
    ("foxglove", "links-elsewhere", clients.downloads_with_the_key, "failed", "sent its key to another host"),
    ("foxglove", "stream-cut", clients.downloads_patiently, "passed", ""),
    ("foxglove", "stream-cut", clients.downloads_once, "warned", "did not ask again"),
    ("foxglove", "stream-cut", clients.downloads_whatever_comes, "failed", "ended as if it had it"),
    ("foxglove", "upload-refused", clients.uploads_patiently, "passed", ""),
    ("foxglove", "upload-refused", clients.uploads_and_hopes, "failed", "ended as if it had it"),
    ("foxglove", "upload-cut", clients.uploads_patiently, "passed", ""),
    ("foxglove", "upload-cut", clients.uploads_and_hopes, "failed", "ended as if it had it"),
    ("foxglove", "upload-answer-lost", clients.uploads_patiently, "passed", ""),
    ("foxglove", "upload-answer-lost", clients.uploads_with_one_key, "passed", ""),
    ("foxglove", "upload-answer-lost", clients.uploads_with_new_keys, "warned", "under another key"),
    ("foxglove", "upload-answer-lost", clients.uploads_and_hopes, "failed", "did not look"),
    ("bags", "download-cut", clients.resumes, "passed", ""),
    ("bags", "download-cut", clients.resumes_with_a_gap, "failed", "went on from byte 1050"),
    ("bags", "download-cut", clients.keeps_half_a_bag, "failed", "ended as if it had it"),
    ("bags", "download-short", clients.resumes, "passed", ""),
    ("bags", "download-short", clients.keeps_half_a_bag, "failed", "ended as if it had it"),
    ("bags", "bag-purged", clients.takes_all_bags, "passed", ""),
    ("bags", "bag-purged", clients.takes_bags_until_one_is_gone, "warned", "did not ask for the rest"),
    ("bags", "bag-purged", clients.insists_on_a_bag, "warned", "it asked 5 times"),
    ("bags", "unknown-members", clients.takes_all_bags, "passed", ""),
]


@pytest.mark.parametrize(
    ("api", "scenario", "client", "status", "why"),
    [pytest.param(*case, id=f"{case[1]}-{case[2].__name__}") for case in CASES],
)
def test_clients_get_what_they_deserve(
    judge: Judge, api: str, scenario: str, client: Client, status: str, why: str
) -> None:
    """A status, and the reason for it."""
    verdict = judge(api, scenario, client)
    assert verdict.status == status, verdict
    assert why in str(verdict)
    assert bool(verdict.findings) == bool(why)


@pytest.mark.parametrize(
    ("scenario", "client", "reason"),
    [
        ("upload-refused", clients.lists_once, "it came to nothing of this: The file that is put to a link"),
        ("links-elsewhere", clients.lists_once, "it followed no link"),
        ("new-import-status", lambda _: 1 / 0, "it failed: ZeroDivisionError"),
        ("duplicate-webhook", clients.lists_once, "no webhook was delivered"),
    ],
)
def test_what_did_not_happen_is_not_judged(judge: Judge, scenario: str, client: Client, reason: str) -> None:
    """A client that never came to it is neither right nor wrong."""
    verdict = judge("foxglove", scenario, client)
    assert verdict.status is Status.NOT_TESTED
    assert reason in verdict.reason
    with pytest.raises(AssertionError, match="not-tested"):
        verdict.assert_right()


def test_a_verdict_can_be_asserted(judge: Judge) -> None:
    """Failures raise with what the client did; warnings only if one is strict."""
    judge("foxglove", "too-many-requests", clients.lists_patiently).assert_right(strict=True)
    warned = judge("foxglove", "too-many-requests", clients.lists_once)
    warned.assert_right()
    with pytest.raises(AssertionError, match="GET /v1/devices -> 429 listDevices"):
        warned.assert_right(strict=True)
    with pytest.raises(AssertionError, match=r"must: RFC 9110, section 15\]"):
        judge("foxglove", "too-many-requests", clients.lists_carelessly).assert_right()


def test_every_must_of_foxglove_can_be_broken() -> None:
    """And everything that is asked for can be done right: some client of the table shows it."""
    failed = {(api, scenario) for api, scenario, _, status, _ in CASES if status == "failed"}
    passed = {(api, scenario) for api, scenario, _, status, _ in CASES if status == "passed"}
    for scenario in load_scenarios("foxglove").values():
        if scenario.deliver:
            continue
        assert ("foxglove", scenario.id) in passed, scenario.id
        if any(one.level == "must" for one in scenario.expect) and scenario.id not in SHARED:
            assert ("foxglove", scenario.id) in failed, scenario.id


SHARED = {"too-many-requests-until", "unavailable", "key-refused"}
"""Scenarios whose musts are those of another one."""
