"""Write the tables of the documentation from the data that they show: `python docs/tables.py`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from robowire_fixtures.catalogue import APIS, Requirement, load_catalogue
from robowire_fixtures.scenarios import load_scenarios
from robowire_mocks import create_mock, deviations
from robowire_mocks.core.control.document import common, document
from robowire_mocks.rehearsal.rules import RULES

HERE = Path(__file__).parent
TABLE_HEAD = 3  # lines of a table without rows, the empty one at its end included
NOTE = "Made from the data by `python docs/tables.py`; do not edit by hand."


def requirements_page(api: str) -> str:
    """All requirements of an API, by section of its document."""
    catalogue = load_catalogue(api)
    lines = [f"# What the {api} document requires", "", NOTE, ""]
    for section in catalogue.sections.values():
        lines += [f"## {section.title}", ""]
        if section.no_requirement:
            lines += [f"No requirement: it {section.no_requirement}.", ""]
            continue
        lines += ["| id | level | statement | evidence |", "|---|---|---|---|"]
        # A statement that several sections make stands under the first of them.
        here = [requirement for requirement in catalogue if requirement.source[0] == section.id]
        lines += [f"| {one.id} | {one.level} | {_cell(one.statement)} | {one.evidence} |" for one in here]
        others = [requirement.id for requirement in catalogue if section.id in requirement.source[1:]]
        lines += ["", f"Also says: {', '.join(others)}."] if others else []
        lines += [""]
        lines += _unchecked(here)
    return "\n".join(lines)


def _unchecked(here: list[Requirement]) -> Iterator[str]:
    """Which requirements of a section no check looks at, and why."""
    for reason in dict.fromkeys(one.untested for one in here if one.untested):
        ids = [one.id for one in here if one.untested == reason]
        which = "Nothing here is checked" if len(ids) == len(here) > 1 else f"Not checked: {', '.join(ids)}"
        yield from (f"{which}; {reason}.", "")


def deviations_page(api: str) -> str:
    """All deviations of an API's mock, and the requirement that each breaks."""
    rows = [f"| `{one.id}` | {one.breaks} | {_cell(one.summary)} |" for one in deviations.load(api)]
    head = [
        f"# How the {api} mock can misbehave",
        "",
        NOTE,
        "",
        "| `--deviate` | breaks | what it does |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


def scenarios_page() -> str:
    """What may happen to the clients of each API, and what is right then."""
    lines = ["# What may happen to a client, and what is right then", "", NOTE, ""]
    for api in APIS:
        lines += [f"## {api}", ""]
        lines += ["| `--scenario` | what happens | what is right | turns around |", "|---|---|---|---|"]
        for one in load_scenarios(api).values():
            right = "<br>".join(f"{each.level} {each.rule} ({each.source})" for each in one.expect)
            lines += [f"| `{one.id}` | {_cell(one.story)} | {right} | {', '.join(one.requirements)} |"]
        lines += [""]
    rules = [f"| {name} | {_cell(' '.join((rule.__doc__ or '').split()))} |" for name, rule in RULES.items()]
    return "\n".join([*lines, "## The rules", "", "| rule | the client does right if |", "|---|---|", *rules, ""])


def controls_page() -> str:
    """Everything that the controls do, and what each API adds."""
    lines = [
        "# Controls",
        "",
        NOTE,
        "",
        "Paths are below `/__robowire`; what they are for: [A mock in hand](control.md).",
        "",
    ]
    for tag in common()["tags"]:
        if tag["name"] != "api":
            lines += [f"## {tag['name'].capitalize()}", "", tag["description"], "", *_controls(common(), tag["name"])]
    lines += ["## What a fault may say", "", *_members(common()["components"]["schemas"]["Fault"])]
    for api in APIS:
        with create_mock(api) as mock:
            own = _controls(document(mock), "api")
        lines += [f"## What {api} adds", "", *(own if len(own) > TABLE_HEAD else ["Nothing.", ""])]
    return "\n".join(lines)


def _members(schema: dict[str, Any]) -> list[str]:
    rows = ["| member | without it | what it says |", "|---|---|---|"]
    for name, member in schema["properties"].items():
        default = f"`{json.dumps(member['default'])}`" if member.get("default") is not None else ""
        values = f" One of {', '.join(f'`{value}`' for value in member['enum'])}." if "enum" in member else ""
        rows += [f"| `{name}` | {default} | {_cell(member.get('description', ''))}{values} |"]
    return [*rows, ""]


def _controls(described: dict[str, Any], tag: str) -> list[str]:
    rows = ["| control | what it does | for example |", "|---|---|---|"]
    for path, item in described["paths"].items():
        for method, operation in item.items():
            if method != "parameters" and operation["tags"] == [tag]:
                sent = (
                    operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("examples", {})
                )
                examples = "<br>".join(f"`{_cell(json.dumps(one['value']))}`" for one in sent.values())
                rows += [f"| `{method.upper()} {path}` | {_cell(operation['summary'])} | {examples} |"]
    return [*rows, ""]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def pages() -> Iterator[tuple[Path, str]]:
    """Every page and its text."""
    for api in APIS:
        yield HERE / f"{api}-requirements.md", requirements_page(api)
        yield HERE / f"{api}-deviations.md", deviations_page(api)
    yield HERE / "scenarios.md", scenarios_page()
    yield HERE / "controls.md", controls_page()


if __name__ == "__main__":
    for path, text in pages():
        path.write_text(text, encoding="utf-8")
