"""Webhooks are sent, tried again and remembered."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import jsonschema_rs
import pytest
from robowire_fixtures.contract import load_contract
from robowire_fixtures.foxglove import WEBHOOKS

MOMENT = "2026-01-01T00:00:00Z"
DEVICE = {"id": "dev_1", "name": "a"}
SITES = [{"id": "site_s", "name": "own", "type": "self-hosted"}, {"id": "site_e", "name": "edge", "type": "edge"}]
RECORDINGS = [
    {"id": "rec_0", "path": "b.bag", "start": MOMENT, "end": MOMENT, "import_status": "none"},
    {
        "id": "rec_1",
        "path": "a.mcap",
        "device": "dev_1",
        "site": "site_s",
        "edge_site": "site_e",
        "start": MOMENT,
        "end": MOMENT,
    },
]


class Receiver:
    """What arrived, and the statuses that are answered one after the other; 200 when there are no more."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.statuses: list[int] = []
        self.url = ""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that listens."""
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/json"
            kept.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(kept.statuses.pop(0) if kept.statuses else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        kept.url = f"http://127.0.0.1:{server.server_port}/hook"
        yield kept
        server.shutdown()
        thread.join()


@pytest.fixture
def fox(make_api: Any) -> Any:
    """A device, sites and recordings; failed deliveries are tried again at once."""
    return make_api(device=[DEVICE], site=SITES, recording=RECORDINGS, deliveries={"wait_s": 0})


def control(fox: Any, body: Any) -> Any:
    """What the control answers to a body that it takes."""
    answer = fox.mock.app.test_client().post("/__robowire/webhooks", json=body)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def read(fox: Any, name: str) -> Any:
    """What the controls show."""
    return fox.mock.app.test_client().get(f"/__robowire/{name}").get_json()


def test_all_five_types_are_sent_as_documented(fox: Any, receiver: Receiver) -> None:
    """To a webhook that is registered without saying which; they validate against the contract."""
    hook = control(fox, {"register": {"url": receiver.url}})
    assert hook["events"] == list(WEBHOOKS)
    device = fox.send("POST", "/devices", {"name": "b"})
    event = fox.send("POST", "/events", {"deviceId": "dev_1", "start": MOMENT, "end": MOMENT})
    control(fox, {"ping": hook["id"]})
    assert control(fox, {"announce": "recording.created", "recording": "rec_0"}) == {"recording": "rec_0"}
    assert control(fox, {"announce": "recording.imported"}) == {"recording": "rec_1"}
    attempts = read(fox, "attempts")
    assert [attempt["type"] for attempt in attempts] == [one["type"] for one in receiver.got]
    about = [
        {name: one[name] for name in ("device", "event", "webhook", "recording") if name in one} for one in receiver.got
    ]
    summaries = {
        "device": DEVICE,
        "edgeSite": {"id": "site_e", "name": "edge"},
        "site": {"id": "site_s", "name": "own"},
    }
    assert about == [
        {"device": {"id": device["id"]}},
        {"event": {"id": event["id"]}},
        {"webhook": {"id": hook["id"]}},
        {"recording": {"id": "rec_0", "importStatus": "none", "path": "b.bag"}},
        {"recording": {"id": "rec_1", "importStatus": "complete", "path": "a.mcap", **summaries}},
    ]
    assert receiver.got[0]["timestamp"] == device["createdAt"]
    components = load_contract("foxglove")["components"]
    for payload in receiver.got:
        reference = f"#/components/schemas/{WEBHOOKS[payload['type']]}"
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": reference,
            "components": components,
        }
        jsonschema_rs.validator_for(schema, validate_formats=True).validate(payload)


def test_a_webhook_gets_what_it_asks_for(fox: Any, receiver: Receiver) -> None:
    """And a ping all the same; one event has one id for all that are told of it."""
    ids = [
        control(fox, {"register": {"url": receiver.url, "events": events}})["id"]
        for events in (["device.created"], ["device.created", "event.created"], [])
    ]
    fox.send("POST", "/devices", {"name": "b"})
    fox.send("POST", "/devices", {"name": "c"})
    control(fox, {"ping": ids[2]})
    attempts = read(fox, "attempts")
    assert sorted(attempt["webhookId"] for attempt in attempts) == sorted([ids[0], ids[1]] * 2 + [ids[2]])
    assert len({one["webhookEventId"] for one in receiver.got}) == 3
    assert sorted(one["webhookId"] for one in receiver.got) == sorted(attempt["webhookId"] for attempt in attempts)


def test_a_delivery_is_tried_again(fox: Any, receiver: Receiver) -> None:
    """With the same ids and timestamp, and a time of its own; every attempt is in the log."""
    receiver.statuses = [500, 302]
    hook = control(fox, {"register": {"url": receiver.url}})
    control(fox, {"ping": hook["id"]})
    attempts = read(fox, "attempts")
    assert [(one["attempt"], one["status"], one["delivered"]) for one in attempts] == [
        (1, 500, False),
        (2, 302, False),
        (3, 200, True),
    ]
    assert len({(one["webhookEventId"], one["timestamp"]) for one in receiver.got}) == 1
    assert [one["attemptedAt"] for one in receiver.got] == [one["attemptedAt"] for one in attempts]
    assert all(one["timestamp"] <= one["attemptedAt"] for one in receiver.got)


def test_a_removed_webhook_is_told_nothing_more(fox: Any, receiver: Receiver) -> None:
    """Nor after a reset, which leaves those of the world."""
    hook = control(fox, {"register": {"url": receiver.url}})
    assert control(fox, {"remove": hook["id"]}) == hook
    fox.send("POST", "/devices", {"name": "b"})
    control(fox, {"register": {"url": receiver.url}})
    fox.mock.reset()
    fox.send("POST", "/devices", {"name": "b"})
    assert (read(fox, "attempts"), read(fox, "webhooks"), receiver.got) == ([], [], [])


def test_a_world_may_have_webhooks(make_api: Any, receiver: Receiver) -> None:
    """With all five types, if it names none."""
    fox = make_api(webhook=[{"url": receiver.url, "id": "whk_1"}])
    assert read(fox, "webhooks") == [{"id": "whk_1", "url": receiver.url, "events": list(WEBHOOKS)}]
    fox.send("POST", "/devices", {"name": "b"})
    assert [one["delivered"] for one in read(fox, "attempts")] == [True]


@pytest.mark.parametrize(
    "webhook", [{"url": "https://example.com/"}, {"url": "ftp://127.0.0.1/"}, {"url": "http://[::1]/", "events": ["x"]}]
)
def test_a_world_calls_this_machine_alone(make_api: Any, webhook: Any) -> None:
    """Unless it names other hosts; and it knows the types of events."""
    with pytest.raises(ValueError, match="webhook"):
        make_api(webhook=[webhook])
    assert make_api(webhook=[{"url": "https://example.com/"}], deliveries={"hosts": ["example.com"]})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"register": {}},
        {"register": {"url": "http://127.0.0.1/", "secret": "x"}},
        {"register": {"url": "https://example.com/"}},
        {"register": {"url": "http://127.0.0.1/", "events": ["device.deleted"]}},
        {"register": {"url": "http://127.0.0.1/", "events": "ping"}},
        {"register": {"url": "http://127.0.0.1/", "events": [["ping"]]}},
        {"remove": "whk_unknown"},
        {"ping": "whk_unknown"},
        {"ping": 1},
        {"announce": "ping"},
        {"announce": "recording.created", "recording": "rec_unknown"},
        {"announce": "recording.imported", "recording": "rec_0"},
        {"announce": "recording.created", "when": "now"},
    ],
)
def test_a_control_that_makes_no_sense_is_refused(fox: Any, body: Any) -> None:
    """With a text that says what to send."""
    answer = fox.mock.app.test_client().post("/__robowire/webhooks", json=body)
    assert (answer.status_code, list(answer.get_json())) == (400, ["error"])


def test_a_mock_is_pointed_at_a_receiver_from_python(fox: Any, receiver: Receiver) -> None:
    """At one at a time."""
    fox.mock.webhooks.point("http://127.0.0.1:1/")
    fox.mock.webhooks.point(receiver.url)
    for event_type in ("ping", "recording.created", "recording.imported"):
        fox.mock.webhooks.send(event_type)
    fox.mock.webhooks.attempts()
    assert [one["type"] for one in receiver.got] == ["ping", "recording.created", "recording.imported"]


def test_no_thread_outlives_a_mock(make_api: Any, receiver: Receiver) -> None:
    """Not even one that waits to try again."""
    receiver.statuses = [500]
    fox = make_api(webhook=[{"url": receiver.url}], deliveries={"wait_s": 60})
    fox.send("POST", "/devices", {"name": "b"})
    sending = [thread for thread in threading.enumerate() if thread.name == "robowire-webhook"]
    assert sending
    fox.mock.close()
    assert not any(thread.is_alive() for thread in sending)
