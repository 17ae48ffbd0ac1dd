"""The deviations of the Losant Data API, one module per part of the document."""

from robowire_mocks.deviations.losant import (  # noqa: F401  # each module registers its own
    access,
    aggregating,
    answers,
    exporting,
    last_values,
    overlooking,
    queries,
    ranges,
    requests,
    selection,
    telling,
    windows,
)
from robowire_mocks.deviations.losant.registry import LOSANT

DEVIATIONS = LOSANT.all()
