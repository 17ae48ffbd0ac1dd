"""A served mock that is killed amid writes, and clients that know what it must still have.

Each client is the only one who touches what it writes, and remembers what it was told: the state before the request
that got no answer, and what that request would have made of it. Whatever the process had done of it when it was
killed, its successor shows the one or the other, whole.
"""

import random
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import httpx
from recorded_files import mcap
from robowire_generators.foxe import FoxeRecipe, make_foxe
from served import Served

KEY = "fox_sk_all"
WORLD = f"""
[[key]]
key = "{KEY}"
capabilities = ["*"]

[[custom_property]]
key = "note"
value_type = "string"

[[site]]
id = "site_h"
name = "hosted"
type = "foxglove-hosted"

[[site]]
id = "site_s"
name = "own"
type = "self-hosted"

[imports]
stage_s = 0.0
"""

Held = dict[str, Any]
"""What a client's things are, by the names that it gave them."""


class ServerGoneError(Exception):
    """The server was killed: nobody knows what became of the request."""


class Client(ABC):
    """Writes as long as it is answered. `held` is what it was told, `perhaps` what the last request makes of it."""

    def __init__(self, seed: int) -> None:
        self.name = f"{type(self).__name__.lower()}{seed}"
        self.random = random.Random(f"{self.name}")
        self.held: Held = {}
        self.perhaps: Held = {}
        self.number = 0
        self.http: httpx.Client
        self.acknowledged: Callable[[], None]

    def work(self, http: httpx.Client, acknowledged: Callable[[], None]) -> None:
        """Write until the server is gone."""
        self.http, self.acknowledged = http, acknowledged
        try:
            while True:
                self.number += 1
                self.write()
        except ServerGoneError:
            pass

    def check(self, http: httpx.Client) -> None:
        """What the next process shows is what was acknowledged, with or without what was not."""
        self.http, self.acknowledged = http, lambda: None
        found = self.seen()
        assert found in (self.held, self.perhaps), (self.name, found, self.held, self.perhaps)
        self.held = self.perhaps = found

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """The JSON value, or the text, of an answer with success."""
        try:
            answer = self.http.request(method, path, **options)
        except httpx.TransportError as error:
            raise ServerGoneError from error
        assert answer.is_success, (self.name, method, path, answer.status_code, answer.text)
        return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.text

    def change(self, perhaps: Held, method: str, path: str, **options: Any) -> Any:
        """Ask for something after which the client's things are `perhaps`."""
        self.perhaps = perhaps
        answer = self.ask(method, path, **options)
        self.held = perhaps
        self.acknowledged()
        return answer

    def without(self, *names: str) -> Held:
        """What is held but for some."""
        return {name: value for name, value in self.held.items() if name not in names}

    @abstractmethod
    def write(self) -> None:
        """One write, or a few that belong together."""

    @abstractmethod
    def seen(self) -> Held:
        """What the server shows of this client's things."""


class Fleet(Client):
    """Devices, with their property and the number of their tokens, which go with them."""

    def write(self) -> None:
        """A device is made, changed, given a token, or deleted with its tokens."""
        old = self.random.choice([*self.held]) if self.held else ""
        match self.random.choice(["make", "change", "token", "delete"]) if len(self.held) > 5 else "make":
            case "make":
                name = f"{self.name}-{self.number}"
                self.change(self.held | {name: ("", 0)}, "POST", "/devices", json={"name": name})
            case "change":
                note = {"note": f"n{self.number}"}
                after = self.held | {old: (note["note"], self.held[old][1])}
                self.change(after, "PATCH", f"/devices/{old}", json={"properties": note})
            case "token":
                after = self.held | {old: (self.held[old][0], self.held[old][1] + 1)}
                device_id = self.ask("GET", f"/devices/{old}")["id"]
                self.change(after, "POST", "/device-tokens", json={"deviceId": device_id})
            case _:
                self.change(self.without(old), "DELETE", f"/devices/{old}")

    def seen(self) -> Held:
        """Devices by name; no token is without its device."""
        devices = {device["id"]: device for device in self.ask("GET", "/devices", params={"limit": 2000})}
        tokens = [token["deviceId"] for token in self.ask("GET", "/device-tokens", params={"limit": 2000})]
        assert set(tokens) <= devices.keys()
        own = [device for device in devices.values() if device["name"].startswith(f"{self.name}-")]
        return {one["name"]: (one["properties"].get("note", ""), tokens.count(one["id"])) for one in own}


class Uploader(Client):
    """Recordings, with the size of their files, by their keys."""

    def write(self) -> None:
        """A file is uploaded; now and then a few imports of a site are deleted at once."""
        if len(self.held) > 4 and self.random.random() < 0.3:
            self._delete()
            return
        key = f"{self.name}-{self.number}"
        link = self.ask("POST", "/data/upload", json={"filename": f"{key}.mcap", "key": key})["link"]
        data = _file(key)
        self.change(self.held | {key: data}, "PUT", link, content=data, headers={"Authorization": ""})

    def _delete(self) -> None:
        shown = {one["filename"].removesuffix(".mcap"): one for one in self.ask("GET", "/data/imports")}
        done = [key for key in self.held if key in shown][:3]
        if done:
            ids = [("id", shown[key]["importId"]) for key in done]
            self.change(self.without(*done), "DELETE", "/data/imports", params=ids)

    def seen(self) -> Held:
        """The recordings, once their imports are at their ends; the data of a few, the newest among them."""
        self._wait()
        listed = self.ask("GET", "/recordings", params={"limit": 2000})
        sizes = {one["path"].removesuffix(".mcap"): one["size"] for one in listed}
        found = {key: _file(key) for key in sizes if key.startswith(f"{self.name}-")}
        for key in [*found][-2:] + self.random.sample([*found], min(len(found), 2)):
            self._check(key)
        return {key: data if sizes[key] == len(data) else sizes[key] for key, data in found.items()}

    def _wait(self) -> None:
        control = self.http.base_url.join("/__robowire/imports")
        assert self.ask("POST", str(control), json={"wait": True}) == {"idle": True}

    def _check(self, key: str) -> None:
        """The data of a recording are those that were uploaded; they are given out as a file of their own."""
        link = self.ask("POST", "/data/stream", json={"recordingKey": key, "outputFormat": "mcap"})["link"]
        given = self.http.get(link).content
        assert key.encode() in given, "the data are not those that were uploaded"


class Inbox(Uploader):
    """Objects put into a bucket in two parts: those that were acknowledged are there for another process."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._begun: tuple[str, str, list[int]] | None = None

    def write(self) -> None:
        """The next part of an object, or its end."""
        key, upload_id, parts = self._begun or self._begin()
        url, data = f"/s3/inbox/{key}.mcap", _file(key)
        halves = {1: data[:200], 2: data[200:]}
        for part in halves.keys() - set(parts):
            self._outside("PUT", url, params={"uploadId": upload_id, "partNumber": str(part)}, content=halves[part])
            parts.append(part)
        listed = "".join(f"<Part><PartNumber>{part}</PartNumber></Part>" for part in halves)
        self.perhaps = self.held | {key: data}
        self._outside("POST", url, params={"uploadId": upload_id}, content=f"<C>{listed}</C>".encode())
        self.held, self._begun = self.perhaps, None
        self.acknowledged()

    def check(self, http: httpx.Client) -> None:
        """An object that arrived, though nobody said so, is not put again."""
        super().check(http)
        if self._begun is not None and self._begun[0] in self.held:
            self._begun = None

    def _begin(self) -> tuple[str, str, list[int]]:
        key = f"{self.name}-{self.number}"
        text = self._outside(
            "POST", f"/s3/inbox/{key}.mcap", params="uploads=", headers={"x-amz-meta-foxglove_key": key}
        )
        found = re.search("<UploadId>(.*)</UploadId>", text)
        assert found is not None
        self._begun = key, found[1], []
        return self._begun

    def _outside(self, method: str, url: str, **options: Any) -> Any:
        return self.ask(method, str(self.http.base_url.join(url)), **options)


class Publisher(Client):
    """Extensions, with their active version."""

    def write(self) -> None:
        """A new extension, a new version of one, or an end of one."""
        name = self.random.choice([*self.held, f"{self.name}-{self.number}"])
        if name in self.held and self.random.random() < 0.3:
            found = [one["id"] for one in self.ask("GET", "/extensions") if one["name"] == name]
            self.change(self.without(name), "DELETE", f"/extensions/{found[0]}")
            return
        version = f"1.0.{self.number}"
        raw = make_foxe(FoxeRecipe(name=name, publisher="k", version=version, display_name=name))
        headers = {"Content-Type": "application/octet-stream"}
        self.change(self.held | {name: version}, "POST", "/extension-upload", content=raw, headers=headers)

    def seen(self) -> Held:
        """The extensions; the file of each can be had."""
        own = [one for one in self.ask("GET", "/extensions") if one["name"].startswith(f"{self.name}-")]
        for one in own:
            assert self.http.get(self.ask("GET", f"/extensions/{one['id']}")["foxe"]).is_success
        return {one["name"]: one["activeVersion"] for one in own}


def _file(key: str) -> bytes:
    """A recording that has its key in its only message."""
    return mcap([1_000_000_000], data=b'{"value":1,"key":"%s"}' % key.encode(), compression="none")


def clients() -> list[Client]:
    """Two of each kind."""
    return [kind(seed) for kind in (Fleet, Uploader, Inbox, Publisher) for seed in range(2)]


def kill_amid_writes(folder: Path, clients: list[Client], writes: int) -> None:
    """Serve what `folder` keeps, check what the clients remember, and kill the server after so many more writes."""
    world = folder.with_suffix(".toml")
    world.write_text(WORLD, encoding="utf-8")
    with Served("foxglove", "--world", str(world), "--data-dir", str(folder), "--quiet") as served:
        with _http(served.url) as http:
            for client in clients:
                client.check(http)
        errors: list[BaseException] = []
        written = _countdown(writes, served.kill)
        threads = [Thread(target=_work, args=(client, served, written, errors)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]


def _work(client: Client, served: Served, written: Callable[[], None], errors: list[BaseException]) -> None:
    try:
        with _http(served.url) as http:
            client.work(http, written)
    except BaseException as error:  # noqa: BLE001  # told by the thread that waits
        errors.append(error)
        served.kill()


def _countdown(count: int, end: Callable[[], None]) -> Callable[[], None]:
    """Call it `count` times, from whatever thread, and it ends."""
    left = [count]
    lock = Lock()

    def one() -> None:
        with lock:
            left[0] -= 1
            if left[0] == 0:
                end()

    return one


def _http(url: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {KEY}"}
    return httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False)
