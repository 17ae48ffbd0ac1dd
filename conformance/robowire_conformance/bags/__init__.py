"""Checks of the robot Bags API, one module per section of its document."""
