"""Mocks in the tests of one's own client: in the place of an API's address, without a socket.

In pytest there are fixtures too: see `robowire_mocks.pytest_plugin`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from robowire_mocks.testing.handle import MockHandle
from robowire_mocks.testing.stand_in import InPlace, StandIn

if TYPE_CHECKING:
    from robowire_mocks.bags import BagsMock
    from robowire_mocks.foxglove import FoxgloveMock
    from robowire_mocks.losant import LosantMock

__all__ = ["InPlace", "MockHandle", "StandIn", "mock_bags", "mock_foxglove", "mock_losant"]

mock_bags: StandIn[BagsMock] = StandIn("bags")
mock_foxglove: StandIn[FoxgloveMock] = StandIn("foxglove")
mock_losant: StandIn[LosantMock] = StandIn("losant")
