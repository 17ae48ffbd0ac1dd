"""The deviations of the Bags API, one module per part of the document."""

from robowire_mocks.deviations.bags import (  # noqa: F401  # each module registers its own
    caching,
    chunk,
    download,
    errors,
    fields,
    latched,
    listing,
    message,
    player,
    storage,
    text,
)
from robowire_mocks.deviations.bags.registry import BAGS

DEVIATIONS = BAGS.all()
