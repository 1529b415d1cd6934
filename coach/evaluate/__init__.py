"""Compares what the coach found in clips with what is true of them. Pure but for observing.py and truth.read_truth."""
