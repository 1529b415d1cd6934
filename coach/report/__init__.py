"""A result and its timeline as one HTML page."""
