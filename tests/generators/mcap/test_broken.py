"""Each way to break an MCAP file does the harm that it names, by the vendor's reader."""

import io

import pytest
from mcap.reader import NonSeekingReader
from robowire_generators.mcap.broken import BREAKAGES, Harm, break_mcap, generate_broken_mcap
from robowire_generators.mcap.recipe import McapRecipe
from robowire_generators.mcap.recording import Recording
from robowire_generators.mcap.sample import sample_mcap
from robowire_generators.mcap.writer import Compression

PATIENT = {"header-missing", "unknown-compression", "chunk-in-chunk", "channel-changes", "schema-changes"}
"""What the vendor's Python reader does not mind, though the format forbids it."""


@pytest.fixture(scope="module", params=list(Compression))
def whole(request: pytest.FixtureRequest) -> bytes:
    """Give a valid file in several chunks."""
    out = io.BytesIO()
    Recording(out, McapRecipe(duration_s=6, chunk_size=20_000, compression=request.param)).run()
    return out.getvalue()


def read_through(mcap: bytes) -> int | None:
    """Count the messages from one end of the file to the other; None when that fails."""
    try:
        return len(list(NonSeekingReader(io.BytesIO(mcap), validate_crcs=True).iter_messages(log_time_order=False)))
    except Exception:  # noqa: BLE001  # the reader raises whatever it stumbles over
        return None


@pytest.mark.parametrize("name", list(BREAKAGES))
def test_a_breakage_does_its_harm(name: str, whole: bytes) -> None:
    """Files whose data are harmed are refused; those with a wrong summary alone can be read through."""
    broken = break_mcap(name, whole)
    assert broken != whole
    found = read_through(broken)
    if BREAKAGES[name].harm is Harm.INDEX:
        assert found == read_through(whole)
    elif BREAKAGES[name].harm is Harm.NONE or name in PATIENT:
        assert found is not None
    else:
        assert found is None


def test_breaking_twice_gives_the_same_bytes(whole: bytes) -> None:
    """A breakage is a function of the file."""
    assert all(each.apply(whole) == each.apply(whole) for each in BREAKAGES.values())


def test_what_cannot_be_broken_is_told(tmp_path: object) -> None:
    """An unknown name, a file that is none, a file without chunks."""
    with pytest.raises(ValueError, match="There is no breakage 'gently'"):
        break_mcap("gently", b"")
    with pytest.raises(ValueError, match="There is no breakage 'gently'"):
        generate_broken_mcap(f"{tmp_path}/a.mcap", "gently")
    with pytest.raises(ValueError, match="Only a whole MCAP file"):
        break_mcap("truncated-in-chunk", b"text")
    with pytest.raises(ValueError, match="with messages, chunks"):
        break_mcap("truncated-in-chunk", sample_mcap([], []).data)
