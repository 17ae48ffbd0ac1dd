"""What the mocks of all APIs share: clock, answers, steps, worlds, controls and serving."""
