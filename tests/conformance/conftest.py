"""Small suites, and a report with something of everything."""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from robowire_conformance.judgement import Exit
from robowire_conformance.report.model import Report


@pytest.fixture
def small_suite(tmp_path: Path) -> Callable[[str], Path]:
    """A function that writes a suite of one module, under a name never imported before, and returns its folder."""

    def write(code: str) -> Path:
        folder = tmp_path / "suite"
        folder.mkdir()
        head = (
            "import pytest\n"
            "from robowire_conformance import law\n"
            "from robowire_conformance.client import NotJSON, Unreachable\n"
            "from robowire_conformance.verdict import *\n"
            "from robowire_conformance.verdict import Leftover, NotTested, Violation, Violations, disturbs, proves\n"
        )
        (folder / f"test_small_{uuid4().hex}.py").write_text(head + code, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def report() -> Report:
    """A report with each status in it, and evidence as a hostile server would have it."""
    hostile = "</pre><script>alert(1)</script>\x1b[2J\x00 `code` | [link](http://x) ]]> \u202e"
    failure = {
        "message": f"broken {hostile}",
        "expected": {"a": 1},
        "actual": hostile,
        "request": {"method": "GET", "url": "http://robot/bags/", "headers": {}},
        "response": {"status": 200, "headers": {"X": hostile}, "body": hostile},
        "curl": f"curl 'http://robot/{hostile}'",
        "check": "bags/test_list.py::test_x",
    }
    statuses = ["passed", "failed", "warned", "known", "not-tested", "not-applicable", "error"]
    requirements = [
        {
            "id": f"BAGS-LIST-00{number}",
            "level": "should" if status == "warned" else "must",
            "operation": "GET /bags/",
            "title": f"title of {status}",
            "statement": f"statement of {status}",
            "source": ["Get Bag List"],
            "status": status,
            "reason": "" if status == "passed" else f"reason {hostile}",
            "checks": ["bags/test_list.py::test_x"],
            "failures": [failure] if status in {"failed", "warned", "known"} else [],
        }
        for number, status in enumerate(statuses, start=1)
    ]
    document = {
        "schema_version": 1,
        "robowire": "0.1.0",
        "api": "bags",
        "target": f"http://robot/{hostile}",
        "profile": "additive",
        "seed": 0,
        "started": "2026-11-20T12:00:00+00:00",
        "duration_s": 1.5,
        "exit_status": int(Exit.FAILS),
        "conclusion": "Does not conform.",
        "problems": [f"problem {hostile}"],
        "requirements": requirements,
        "complete": True,
    }
    return Report.from_json(json.loads(json.dumps(document)))
