"""Where the deviations of the Bags API register."""

from robowire_mocks.deviations import Registry

BAGS = Registry("bags")
