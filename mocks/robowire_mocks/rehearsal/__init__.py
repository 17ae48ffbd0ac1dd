"""Rehearsals: is the client right too? Things go wrong on purpose, and the journal tells what the client made of it."""

from robowire_fixtures.scenarios import Scenario

from robowire_mocks.rehearsal.playing import (
    ELSEWHERE,
    FAILS_UNDISTURBED,
    Client,
    Place,
    rehearse,
    rehearse_listener,
    rehearsing,
    scenarios,
)
from robowire_mocks.rehearsal.program import Program, ProgramMissing
from robowire_mocks.rehearsal.stage import Stage
from robowire_mocks.rehearsal.verdict import Finding, Status, Verdict

__all__ = [
    "ELSEWHERE",
    "FAILS_UNDISTURBED",
    "Client",
    "Finding",
    "Place",
    "Program",
    "ProgramMissing",
    "Scenario",
    "Stage",
    "Status",
    "Verdict",
    "rehearse",
    "rehearse_listener",
    "rehearsing",
    "scenarios",
]
