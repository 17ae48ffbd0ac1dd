"""Where the deviations of the Losant Data API register."""

from robowire_mocks.deviations import Registry

LOSANT = Registry("losant")
