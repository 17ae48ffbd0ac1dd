"""Write a report's files into a folder, each whole or not at all."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.report.html import page
from robowire_conformance.report.junit import junit
from robowire_conformance.report.markdown import markdown
from robowire_conformance.report.model import Report

SOURCE = "report.json"


def write_reports(reports: Sequence[Report], folder: Path) -> None:
    """Write each report; where there are several, each into a folder of its API's name.

    Raises:
        ConfigurationError: The folder cannot be written.
    """
    for report in reports:
        write_report(report, folder if len(reports) == 1 else folder / report.api)


def write_report(report: Report, folder: Path) -> None:
    """Write `report.json` and the pages made from it.

    Raises:
        ConfigurationError: The folder cannot be written.
    """
    text = json.dumps(_sound(report.to_json()), ensure_ascii=False, indent=1, allow_nan=False)
    prepare_folder(folder)
    try:
        _put(folder / SOURCE, text + "\n")
        write_pages(report, folder)
    except OSError as error:
        raise ConfigurationError(f"cannot write the report to {folder}: {error.strerror}") from None


def prepare_folder(folder: Path) -> None:
    """Make the folder, so that one that cannot be is told before a long run and not after it.

    Raises:
        ConfigurationError: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"cannot write the report to {folder}: {error.strerror}") from None


def write_pages(report: Report, folder: Path) -> None:
    """Write what is made from a report: the page, JUnit's file and the summary."""
    _put(folder / "report.html", page(report))
    _put(folder / "junit.xml", junit(report))
    _put(folder / "summary.md", markdown(report))


def read_report(folder: Path) -> Report:
    """Read `report.json`.

    Raises:
        ConfigurationError: It is not there, or no report of this version.
    """
    path = folder / SOURCE
    try:
        return Report.from_json(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigurationError(f"cannot read {path}: {error.strerror}") from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigurationError(
            f"{path} is no whole report of this version: {type(error).__name__}: {error}"
        ) from None


def _put(path: Path, text: str) -> None:
    with NamedTemporaryFile(
        "w", encoding="utf-8", errors="replace", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as out:
        out.write(text)
        temporary = Path(out.name)
    temporary.chmod(0o666 & ~_umask())
    temporary.replace(path)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _sound(value: object) -> object:
    """Replace what UTF-8 cannot hold (lone surrogates, which a hostile body may contain)."""
    if isinstance(value, str):
        return value.encode("utf-8", errors="replace").decode("utf-8")
    if isinstance(value, dict):
        return {_sound(key): _sound(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_sound(element) for element in value]
    return value
