"""`robowire serve` in a process of its own."""

import os
import signal
import subprocess
import sys
from typing import Self

COMMAND = (sys.executable, "-c", "import sys; from robowire_conformance.cli import main; sys.exit(main())")


class Served:
    """Mocks that are served, by their URLs in the order in which they are told; leaving the context kills them."""

    def __init__(self, *arguments: str, log: bool = False) -> None:
        self._process = subprocess.Popen(
            [*COMMAND, "serve", *arguments, "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if log else subprocess.DEVNULL,
            text=True,
        )
        self.url = self.next_url()

    def next_url(self) -> str:
        """The URL that is told next; waits for it."""
        assert self._process.stdout is not None
        url = self._process.stdout.readline().removeprefix("ready ").strip()
        assert url, "the mock did not start"
        return url

    def logged(self) -> str:
        """The next line of the log; waits for it."""
        assert self._process.stderr is not None
        return self._process.stderr.readline().rstrip("\n")

    def stop(self, *, times: int = 1) -> tuple[int, str]:
        """Ask the process to end, more than once if `times` says so; gives its status and the rest of its log."""
        for _ in range(times):
            self._process.terminate()
        _, log = self._process.communicate(timeout=60)
        return self._process.returncode, log or ""

    def kill(self) -> None:
        """End the process as nothing else can: it is asked nothing."""
        os.kill(self._process.pid, signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self.kill()
        self._process.communicate()
