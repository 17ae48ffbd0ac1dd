"""Recordings as MCAP: a writer, samples whose content is known, and the robot in every encoding."""
