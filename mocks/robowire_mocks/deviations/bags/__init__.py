"""The deviations of the Bags API, one module per part of the document."""

from robowire_mocks.deviations.bags.registry import BAGS

DEVIATIONS = BAGS.all()
