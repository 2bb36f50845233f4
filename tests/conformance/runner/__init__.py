"""Plays the conformance scenarios: simulator, bots, steps, checks."""
