"""The Losant Data API: devices' telemetry, exported, asked for its last values, and aggregated over time."""

from robowire_mocks.losant.mock import LosantMock, create_mock

__all__ = ["LosantMock", "create_mock"]
