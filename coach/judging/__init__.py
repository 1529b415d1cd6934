"""Signals to events: movements and holds, their faults, and breaths. No clock and no pictures."""
