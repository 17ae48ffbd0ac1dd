"""`robowire serve --data-dir` loses nothing that it acknowledged, however it ends."""

import os
import random
from pathlib import Path

from killed_server import clients, kill_amid_writes

KILLS = int(os.environ.get("ROBOWIRE_KILLS", "3"))
"""How often the server is killed; by hand, a hundred times."""


def test_a_server_that_is_killed_amid_writes_loses_nothing(tmp_path: Path) -> None:
    """Files, deletions and what changes several rows included: each request is kept whole, or not at all."""
    writing = clients()
    moments = random.Random(KILLS)
    for _ in range(KILLS):
        kill_amid_writes(tmp_path / "data", writing, moments.randint(1, 150))
    assert sum(len(client.held) for client in writing) > KILLS
