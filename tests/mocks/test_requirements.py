"""Each requirement of the catalogue is obeyed somewhere, and the line that does says so."""

import re
from pathlib import Path

import pytest
import robowire_mocks
from robowire_fixtures.catalogue import APIS, load_catalogue

ROOT = Path(robowire_mocks.__file__).parent


def named(api: str) -> set[str]:
    """The requirements that comments of the honest code name, one by one or as the first and the last of a run."""
    comments = "\n".join(
        line.partition("#")[2] for path in ROOT.joinpath(api).rglob("*.py") for line in path.read_text().splitlines()
    )
    one = rf"{api.upper()}-[A-Z]+-\d{{3}}"
    found = set(re.findall(one, comments))
    for first, last in re.findall(rf"({one}) to ({one})", comments):
        found |= {known for known in load_catalogue(api).requirements if first <= known <= last and first[:-3] in known}
    return found


@pytest.mark.parametrize("api", APIS)
def test_requirements_and_honest_code_name_each_other(api: str) -> None:
    """No line without a requirement, and no requirement without a line but one that no deviation can break."""
    assert named(api) <= set(load_catalogue(api).requirements)
    assert {one.id for one in load_catalogue(api) if not one.unbroken} <= named(api)
