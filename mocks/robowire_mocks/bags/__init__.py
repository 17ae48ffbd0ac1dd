"""The robot Bags API: a folder of ROS 1 bags, listed, downloaded and played, with a recorder that adds to it."""

from robowire_mocks.bags.mock import BagsMock, create_mock

__all__ = ["BagsMock", "create_mock"]
