"""Properties that hold for every input: tried on many, and the smallest that breaks one is what is reported."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from robowire_conformance.verdict import Violation, Violations

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from robowire_conformance.target import Target

SHRINK_CALLS = 60
"""How many more inputs a law is tried on after its first violation, in search of a smaller one."""


class _Enough(BaseException):
    """Stops Hypothesis at once, whatever it is doing; nothing else has to catch it."""


def for_all(
    target: "Target", *strategies: "SearchStrategy[Any]", examples: int = 25
) -> Callable[[Callable[..., None]], None]:
    """Decorate a function of drawn values to run it at once, on `examples` inputs that the target's seed determines.

    Raises:
        Violation: The one of the smallest input that was found to break the law, also where the target wavers.
        Exception: Anything else that the function raises, at its first occurrence.
    """

    def run(function: Callable[..., None]) -> None:
        trial = _Trial(function)
        try:
            _hypothesis_run(trial, target.seed, strategies, examples)
        except _Enough:
            pass
        except Exception:
            if trial.outcome is None:
                raise
        if trial.outcome is not None:
            raise trial.outcome

    return run


class _Trial:
    """Calls the function and remembers how it went, so that no wavering of the target can lose a violation."""

    def __init__(self, function: Callable[..., None]) -> None:
        self._function = function
        self._left = SHRINK_CALLS
        self.outcome: Exception | None = None

    def __call__(self, values: tuple[Any, ...]) -> None:
        if self.outcome is not None:
            self._left -= 1
            if self._left < 0:
                raise _Enough
        try:
            self._function(*values)
        except (Violation, Violations) as violation:
            self.outcome = violation  # Hypothesis goes only from larger inputs to smaller ones
            raise
        except Exception as error:
            if _is_hypothesis_control(error):
                raise
            self.outcome = self.outcome or error
            raise _Enough from None


def _is_hypothesis_control(error: Exception) -> bool:
    return type(error).__module__.startswith("hypothesis.")


def _hypothesis_run(trial: _Trial, seed: int, strategies: tuple["SearchStrategy[Any]", ...], examples: int) -> None:
    from hypothesis import HealthCheck, Phase, Verbosity, given, settings  # takes a third of a second
    from hypothesis import seed as seeded
    from hypothesis.strategies import tuples

    @seeded(seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
    )
    @given(tuples(*strategies))
    def law(values: tuple[Any, ...]) -> None:
        trial(values)

    law()
