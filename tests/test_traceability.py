"""Nothing is an orphan: document section, requirement, check, mock behaviour and deviation are all tied together."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import robowire_conformance
import robowire_mocks
from robowire_fixtures.catalogue import APIS, load_catalogue
from robowire_fixtures.contract import load_contract
from robowire_mocks import deviations

SUITE = Path(robowire_conformance.__file__).parent
MOCKS = Path(robowire_mocks.__file__).parent


class Collected:
    """Gathers the requirements that the suite's checks say they prove."""

    def __init__(self) -> None:
        self.proven: dict[str, list[str]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Look at every check."""
        for item in session.items:
            for marker in item.iter_markers("robowire_proves"):
                for requirement in marker.args:
                    self.proven.setdefault(requirement, []).append(item.nodeid)


@pytest.fixture(scope="module")
def proven() -> dict[str, list[str]]:
    """The checks of the whole suite, by requirement."""
    collected = Collected()
    ini = str(SUITE / "isolated.ini")
    arguments = [
        "--collect-only",
        "-qq",
        "-c",
        ini,
        "--rootdir",
        str(SUITE),
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
    ]
    folders = [str(SUITE / api) for api in APIS]
    pytest.main([*arguments, "--bags-url", "http://127.0.0.1:9", *folders], plugins=[collected])
    return collected.proven


@pytest.mark.parametrize("api", APIS)
def test_every_requirement_has_a_check(api: str, proven: dict[str, list[str]]) -> None:
    """A requirement without a check says why it has none."""
    for requirement in load_catalogue(api):
        assert (requirement.id in proven) != bool(requirement.untested), requirement.id


def test_every_check_proves_requirements_that_exist(proven: dict[str, list[str]]) -> None:
    """No check is left over from a requirement that is gone."""
    known = {requirement.id for api in APIS for requirement in load_catalogue(api)}
    assert set(proven) <= known


@pytest.mark.parametrize("api", APIS)
def test_every_test_of_the_suite_is_a_check(api: str, proven: dict[str, list[str]]) -> None:
    """A test without a requirement would be an opinion."""
    names = {node.partition("[")[0].rpartition("::")[2] for nodes in proven.values() for node in nodes}
    for module in sorted((SUITE / api).glob("test_*.py")):
        defined = re.findall(r"^def (test_\w+)", module.read_text(encoding="utf-8"), re.MULTILINE)
        assert [name for name in defined if name not in names] == []


def spans(api: str, source: str) -> Iterator[str]:
    """The requirements between two ids, where a comment names a row of them: "A-101 to A-104"."""
    row = re.compile(rf"\b({api.upper()}(?:-[A-Z]+)+)-(\d{{3}})\s+to\s(?:\s*#)?\s*\1-(\d{{3}})\b")
    known = load_catalogue(api)
    for area, first, last in row.findall(source):
        yield from (name for number in range(int(first), int(last) + 1) if (name := f"{area}-{number:03}") in known)


@pytest.mark.parametrize("api", APIS)
def test_every_requirement_is_named_where_the_mock_obeys_it(api: str) -> None:
    """The honest mock's source, or the contract that it checks bodies by, names each requirement and no other.

    One that no deviation can break need not be named: there may be nothing to obey.
    """
    sources = [path for part in (api, "core", "formats") for path in sorted((MOCKS / part).rglob("*.py"))]
    pattern = re.compile(rf"\b{api.upper()}(?:-[A-Z]+)+-\d{{3}}\b")
    source = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    named = set(pattern.findall(source)) | set(spans(api, source))
    named |= set(pattern.findall(json.dumps(load_contract(api))))
    assert named <= set(load_catalogue(api).requirements)
    assert {one.id for one in load_catalogue(api) if not one.unbroken} <= named


@pytest.mark.parametrize("api", APIS)
def test_every_requirement_has_a_deviation(api: str) -> None:
    """A requirement that no deviation breaks says why; no deviation breaks one that does not exist."""
    broken = {deviation.breaks for deviation in deviations.load(api)}
    catalogue = load_catalogue(api)
    assert broken <= set(catalogue.requirements)
    for requirement in catalogue:
        assert (requirement.id in broken) != bool(requirement.unbroken), requirement.id
