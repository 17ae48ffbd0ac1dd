"""Where the deviations of the Foxglove API register."""

from robowire_mocks.deviations import Registry

FOXGLOVE = Registry("foxglove")
