"""Known failures: a TOML file that a server's owner keeps, so that a gate can close on anything new."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from robowire_fixtures.catalogue import APIS, load_catalogue

from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.evidence import JSON

DEFAULT_FILE = Path("robowire-baseline.toml")
"""Where a baseline is written if no file is named."""

_KEYS = frozenset({"id", "reason", "expires"})
_HEADER = (
    "# Requirements that are known to fail; an entry whose requirement passes again makes `robowire check` fail.\n"
)


@dataclass(frozen=True, slots=True)
class Known:
    """A requirement that is known to fail, why, and the last day on which that is put up with."""

    id: str
    reason: str
    expires: date | None = None

    def expired(self, today: date) -> bool:
        """Whether the entry no longer counts."""
        return self.expires is not None and self.expires < today


def read_baseline(path: Path, *, today: date) -> dict[str, Known]:
    """The entries that count today, by requirement.

    Raises:
        ConfigurationError: The file cannot be read, an entry is malformed or repeated, or names no requirement.
    """
    return {known.id: known for known in read_entries(path) if not known.expired(today)}


def read_entries(path: Path) -> list[Known]:
    """All entries of a baseline, expired ones too.

    Raises:
        ConfigurationError: As `read_baseline`.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"cannot read the baseline {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"the baseline {path} is not TOML: {error}") from None
    entries = data.get("known", [])
    if set(data) - {"known"} or not isinstance(entries, list):
        raise ConfigurationError(f"the baseline {path} has to consist of [[known]] entries")
    found = [_known(entry, path) for entry in entries]
    ids = [known.id for known in found]
    for known in found:
        if ids.count(known.id) > 1:
            raise ConfigurationError(f"the baseline {path} lists {known.id} twice")
    return found


def _known(entry: JSON, path: Path) -> Known:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise ConfigurationError(f"the baseline {path} has an entry without an id")
    name = entry["id"]
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise ConfigurationError(f"the baseline {path} gives {name} the unknown key {unknown[0]!r}")
    if not any(name in load_catalogue(api) for api in APIS):
        raise ConfigurationError(f"the baseline {path} lists {name}, which is no requirement")
    if not isinstance(entry.get("reason"), str) or not entry["reason"].strip():
        raise ConfigurationError(f"the baseline {path} gives no reason for {name}")
    return Known(name, entry["reason"], _day(entry.get("expires"), name, path))


def _day(value: JSON, name: str, path: Path) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ConfigurationError(f"the baseline {path} gives {name} an expiry that is no date: {value!r}") from None


def write_baseline(path: Path, failing: Mapping[str, str], judged: Iterable[str]) -> int:
    """Write the failing requirements, with their messages as reasons, and return how many there are.

    Entries of an existing file keep their reason and expiry; those whose requirement this run did not judge stay.

    Raises:
        ConfigurationError: The existing file is no baseline, or the file cannot be written.
    """
    existing = {known.id: known for known in read_entries(path)} if path.exists() else {}
    seen = set(judged)
    kept = {name: known for name, known in existing.items() if name in failing or name not in seen}
    fresh = {name: Known(name, message) for name, message in failing.items() if name not in kept}
    entries = sorted((kept | fresh).values(), key=lambda known: known.id)
    try:
        path.write_text(_HEADER + "".join(map(_entry_text, entries)), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"cannot write the baseline {path}: {error.strerror}") from None
    return len(entries)


def _entry_text(known: Known) -> str:
    text = f"\n[[known]]\nid = {_string(known.id)}\nreason = {_string(known.reason)}\n"
    return text + (f"expires = {known.expires.isoformat()}\n" if known.expires else "")


def _string(text: str) -> str:
    # A JSON string is a TOML string, but for DEL and lone surrogates.
    printable = text.encode("utf-8", errors="replace").decode("utf-8").replace("\x7f", "?")
    return json.dumps(printable, ensure_ascii=False)
