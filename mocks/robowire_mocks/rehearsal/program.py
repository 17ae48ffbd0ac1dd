"""A program as a client: told where the API is by its environment and its arguments, judged by its exit status."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from robowire_mocks.rehearsal.playing import Place

PATIENCE_S: float = 60.0
"""How long a program may take for its work, and one that listens to begin with that."""

_POLL_S = 0.02
_DIRECT = ("NO_PROXY", "no_proxy")  # no proxy leads to this machine
_TRUST = ("ROBOWIRE_CA", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")


class ProgramFailed(Exception):  # noqa: N818  # it is the program's failure, and no error of ours
    """The program says that it did not do its work, or was not done in time."""

    def __str__(self) -> str:
        return str(self.args[0])


class ProgramMissing(ValueError):  # noqa: N818  # as above
    """There is no such program, or it cannot be run."""


@dataclass(frozen=True, slots=True)
class Program:
    """A command and its arguments; `{url}`, `{host}`, `{token}` and `{ca}` in them are replaced.

    The same is in its environment: ROBOWIRE_URL, ROBOWIRE_TOKEN, ROBOWIRE_CA; with TLS, the usual variables by which
    programs learn whom to trust too. It does its work once and ends, with status 0 if it did all of it.
    """

    command: tuple[str, ...]
    patience_s: float = PATIENCE_S

    def __call__(self, place: Place) -> None:
        """Run it once.

        Raises:
            ProgramFailed: Its exit status is not 0, or it did not end in time.
            ProgramMissing: It cannot be run.
        """
        with self._running(place) as (process, said):
            try:
                status = process.wait(self.patience_s)
            except subprocess.TimeoutExpired:
                raise ProgramFailed(f"it did not end within {self.patience_s:g} s") from None
            if status:
                raise ProgramFailed(f"exit status {status}: {_last_line(said)}")

    @contextmanager
    def listening(self, place: Place, url: str) -> Iterator[None]:
        """Run it in the background while the block lasts, which begins when it listens where `url` leads.

        Raises:
            ProgramFailed: It ends instead, or does not listen in time.
            ProgramMissing: It cannot be run.
        """
        with self._running(place) as (process, said):
            end = time.monotonic() + self.patience_s
            while not _is_listening(url):
                if process.poll() is not None:
                    raise ProgramFailed(f"it ended, and did not listen at {url}: {_last_line(said)}")
                if time.monotonic() > end:
                    raise ProgramFailed(f"it did not listen at {url} within {self.patience_s:g} s")
                time.sleep(_POLL_S)
            yield

    @contextmanager
    def _running(self, place: Place) -> Iterator[tuple[subprocess.Popen[bytes], BinaryIO]]:
        """The program, in a group of processes of its own that ends with the block, and what it says on stderr."""
        told = {"{url}": place.url, "{host}": place.host, "{token}": place.token, "{ca}": place.ca}
        words = [_filled(word, told) for word in self.command]
        environment = os.environ | {"ROBOWIRE_URL": place.url, "ROBOWIRE_TOKEN": place.token}
        environment |= dict.fromkeys(_TRUST, place.ca) if place.ca else {}
        environment |= {name: f"{os.environ.get(name, '')},127.0.0.1,localhost".lstrip(",") for name in _DIRECT}
        with TemporaryFile() as said:
            try:
                process = subprocess.Popen(  # noqa: S603  # what the person asked for
                    words,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=said,
                    start_new_session=True,
                )
            except OSError as error:
                raise ProgramMissing(f"{words[0]} cannot be run: {error.strerror}") from error
            try:
                yield process, said
            finally:
                with suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _filled(word: str, told: dict[str, str]) -> str:
    for placeholder, value in told.items():
        word = word.replace(placeholder, value)
    return word


def _last_line(said: BinaryIO) -> str:
    said.seek(0)
    lines = said.read().decode(errors="replace").splitlines()
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "it says nothing on stderr")


def _is_listening(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=1):
            return True
    except OSError:
        return False
