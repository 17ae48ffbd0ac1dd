"""The deviations of the Losant Data API, one module per part of the document."""

from robowire_mocks.deviations.losant import (  # noqa: F401  # each module registers its own
    access,
    overlooking,
)
from robowire_mocks.deviations.losant.registry import LOSANT

DEVIATIONS = LOSANT.all()
