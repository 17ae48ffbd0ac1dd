"""Recordings of a simulated robot: synthetic, seeded, in real formats."""
