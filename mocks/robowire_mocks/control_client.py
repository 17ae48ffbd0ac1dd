"""A small client for the controls of a mock that is served: `Control("http://127.0.0.1:8080")`."""

from __future__ import annotations

import json
import re
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, Self
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PATH: str = "/__robowire"
_WORLD = re.compile(r"/__worlds/[^/]+")
_UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"
_PATIENCE_S = 30.0  # how much longer than it was asked to wait a server may take


class ControlError(Exception):
    """A control that was not carried out; the text is the mock's own, `status` that of its answer, 0 without one."""

    def __init__(self, text: str, status: int = 0) -> None:
        super().__init__(text)
        self.status = status


class Control:
    """The controls of one mock, or of one world of it.

    `url` is any URL of the mock, such as the one that `robowire serve` prints; a world's prefix in it chooses that
    world. With `token`, the world that the token belongs to is chosen. `ca_file` is the certificate to trust with TLS.

    What cannot be done raises a `ControlError`.
    """

    def __init__(self, url: str, *, token: str | None = None, ca_file: str | Path | None = None) -> None:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise ValueError(f"no URL of a mock: {url!r}")
        prefix = _WORLD.match(parts.path)
        self.root = f"{parts.scheme}://{parts.netloc}"
        self.url = f"{self.root}{prefix[0] if prefix else ''}{PATH}"
        self._token = token
        self._ca_file = ca_file
        self._opener = _opener(ca_file)

    # State

    def state(self) -> dict[str, Any]:
        """API, clock, active deviations, and what the API adds."""
        return self._object("GET", "")

    def overview(self) -> dict[str, Any]:
        """All but the journal at one moment: state, snapshots, faults, operations, worlds."""
        return self._object("GET", "/overview")

    def reset(self) -> dict[str, Any]:
        """Bring state, clock, journal and faults back to the start; deviations stay. Gives the state."""
        return self._object("POST", "/reset")

    def snapshots(self) -> list[str]:
        """The names of the snapshots."""
        return self._list("GET", "/snapshots")

    def snapshot(self, name: str) -> list[str]:
        """Save the present state under `name`; gives the names of all."""
        return self._list("PUT", f"/snapshots/{_part(name)}")

    def restore(self, name: str) -> dict[str, Any]:
        """Go back to a saved state; gives the state."""
        return self._object("POST", f"/snapshots/{_part(name)}/restore")

    def remove_snapshot(self, name: str) -> list[str]:
        """Forget a saved state; gives the names of those left."""
        return self._list("DELETE", f"/snapshots/{_part(name)}")

    def load(
        self,
        name: str | None = None,
        *,
        file: str | None = None,
        toml: str | None = None,
        table: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Start anew from a world: one that comes along, a file on the server, TOML text, or the same as a table."""
        given = {"name": name, "file": file, "toml": toml, "table": table}
        return self._object("POST", "/world", {key: value for key, value in given.items() if value is not None})

    # Time

    def clock(self) -> dict[str, Any]:
        """`now`, in seconds since 1970, and whether it is `frozen`."""
        return self._object("GET", "/clock")

    def advance(self, seconds: float) -> dict[str, Any]:
        """Let so many `seconds` pass; gives the clock, as the next two do. It is `freeze` that sets it back."""
        return self._clock({"advance": seconds})

    def freeze(self, at: float | None = None) -> dict[str, Any]:
        """Stop the clock, at `at` (seconds since 1970) or as it stands."""
        return self._clock({"freeze": True if at is None else at})

    def resume(self) -> dict[str, Any]:
        """Let the clock run on."""
        return self._clock({"resume": True})

    # Faults and deviations

    def faults(self) -> list[dict[str, Any]]:
        """The faults, each with how often it matched and was met, and how often it will be."""
        return self._list("GET", "/faults")

    def fault(self, kind: str, **parameters: Any) -> str:
        """Add a fault; gives its id."""
        return str(self._list("POST", "/faults", {"kind": kind, **parameters})[-1]["fault"]["id"])

    def sequence(self, *faults: Mapping[str, Any]) -> list[str]:
        """Add faults that are met in this order, one call each; gives their ids."""
        added = self._list("POST", "/faults", {"sequence": [dict(fault) for fault in faults]})
        return [str(one["fault"]["id"]) for one in added[-len(faults) :]]

    def remove_fault(self, fault_id: str) -> None:
        """Remove one fault."""
        self._list("DELETE", f"/faults/{_part(fault_id)}")

    def clear_faults(self) -> None:
        """Remove all faults and their account."""
        self._list("DELETE", "/faults")

    def deviations(self) -> list[dict[str, Any]]:
        """All deviations of the API: `id`, what it `breaks`, `summary`, and whether it is `on`."""
        return self._list("GET", "/deviations")

    def deviate(self, *ids: str) -> dict[str, Any]:
        """Switch on exactly these deviations; none without ids. Gives the state."""
        return self._object("POST", "/deviations", {"ids": list(ids)})

    # The journal

    def journal(self, *, limit: int | None = None, wait_s: float = 0, **wanted: Any) -> list[dict[str, Any]]:
        """The entries that fit `operation`, `method`, `path`, `status`, `since` and `unknown`, oldest first.

        With `wait_s`, waits so long, at most 30 s, for the first that fits.
        """
        asked = {**wanted, "limit": limit, "wait_s": wait_s or None}
        query = urlencode({name: _word(value) for name, value in asked.items() if value is not None})
        return self._list("GET", f"/journal{'?' if query else ''}{query}", patience_s=wait_s)

    def entry(self, number: int) -> dict[str, Any]:
        """One entry whole, with headers and bodies."""
        return self._object("GET", f"/journal/{number}")

    def clear_journal(self) -> None:
        """Forget what was asked."""
        self._object("DELETE", "/journal")

    def wait_for(self, *, count: int = 1, timeout: float = 5, **wanted: Any) -> list[dict[str, Any]]:
        """The entries that fit, once there are `count` of them.

        Raises:
            TimeoutError: There are not after `timeout` seconds, of which there may be 60.
        """
        body = {**wanted, "count": count, "timeout_s": timeout}
        told = self._object("POST", "/journal/wait", body, patience_s=timeout)
        if not told["came"]:
            raise TimeoutError(f"{len(told['entries'])} of {count} calls came in {timeout:g} s")
        entries: list[dict[str, Any]] = told["entries"]
        return entries

    def verdict(self, *, times: int | None = None, **wanted: Any) -> dict[str, Any]:
        """Whether calls that fit were made (`times` of them, or any), as `holds`, and a `text` if they were not.

        `last` is the number of the newest call when this was asked.
        """
        return self._object("POST", "/journal/assert", wanted if times is None else {**wanted, "times": times})

    def assert_called(self, operation: str | None = None, times: int | None = None, **wanted: Any) -> None:
        """Nothing, if calls that fit were made, `times` of them or any.

        Raises:
            AssertionError: They were not; the text says what was called instead.
        """
        _hold(self.verdict(times=times, **wanted, **({} if operation is None else {"operation": operation})))

    def assert_no_unknown(self) -> None:
        """Nothing, if every request asked for what the document has.

        Raises:
            AssertionError: One did not; the text names what is nearest.
        """
        _hold(self.verdict(unknown=False))

    def operations(self) -> list[dict[str, Any]]:
        """The API's operations, each with how often it was called."""
        return self._list("GET", "/operations")

    # Worlds

    def worlds(self) -> list[dict[str, Any]]:
        """The worlds of this server, each with its `name` and the `path` that stands before every path in its URLs."""
        return self._list("GET", "/worlds")

    def open(self, name: str, *, of: str | None = None) -> Self:
        """Open a world, a copy of the base or of the world `of`; gives its controls."""
        self._list("PUT", f"/worlds/{_part(name)}", {} if of is None else {"of": of})
        return self.world(name)

    def close(self, name: str) -> None:
        """Close a world."""
        self._list("DELETE", f"/worlds/{_part(name)}")

    def world(self, name: str) -> Self:
        """The controls of one of the worlds."""
        return type(self)(f"{self.root}/__worlds/{_part(name)}", ca_file=self._ca_file)

    # What the API adds

    def read(self, name: str) -> Any:
        """What the API shows besides, by name (`state()["readings"]`)."""
        return self._ask("GET", f"/{_part(name)}")

    def act(self, name: str, **body: Any) -> Any:
        """What the API lets one do besides, by name (`state()["controls"]`)."""
        return self._ask("POST", f"/{_part(name)}", body)

    def _clock(self, move: dict[str, Any]) -> dict[str, Any]:
        clock: dict[str, Any] = self._object("POST", "/clock", move)["clock"]
        return clock

    def _object(self, method: str, path: str, body: Any = None, *, patience_s: float = 0) -> dict[str, Any]:
        told: dict[str, Any] = self._ask(method, path, body, patience_s)
        return told

    def _list(self, method: str, path: str, body: Any = None, *, patience_s: float = 0) -> list[Any]:
        told: list[Any] = self._ask(method, path, body, patience_s)
        return told

    def _ask(self, method: str, path: str, body: Any = None, patience_s: float = 0) -> Any:
        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, data, headers, method=method)  # noqa: S310  # the scheme was looked at
        try:
            with self._opener.open(request, timeout=_PATIENCE_S + patience_s) as answer:
                return json.load(answer)
        except HTTPError as refused:
            with refused:
                raise ControlError(_text(refused), refused.code) from None
        except (URLError, OSError, HTTPException) as lost:
            reason = str(getattr(lost, "reason", lost))
            hint = "; name the file of its authority (ca_file, --ca)" if _UNTRUSTED in reason else ""
            raise ControlError(f"no mock answers at {self.root}: {reason}{hint}") from None
        except ValueError:
            raise ControlError(f"what answers at {self.url} is no mock with controls") from None


def _opener(ca_file: str | Path | None) -> OpenerDirector:
    """One that asks the mock itself, whatever proxy the environment names."""
    if ca_file is None:
        return build_opener(ProxyHandler({}))
    import ssl

    return build_opener(ProxyHandler({}), HTTPSHandler(context=ssl.create_default_context(cafile=str(ca_file))))


def _text(refused: HTTPError) -> str:
    """What the mock says of a refusal."""
    try:
        text = str(json.load(refused)["error"])
    except (ValueError, KeyError, TypeError):
        text = ""
    # Without controls, the API itself says that there is no such path; so does one mock alone of a world.
    known = text and not text.startswith("Not Found: ")
    what = "worlds" if _WORLD.match(urlsplit(refused.url).path) else "controls"
    return text if known else f"{refused.url} answers {refused.code}: no mock with {what}"


def _hold(verdict: Mapping[str, Any]) -> None:
    if not verdict["holds"]:
        raise AssertionError(verdict["text"])


def _part(name: str) -> str:
    return quote(name, safe="")


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
