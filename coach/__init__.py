"""Exercise coach: watches two physiotherapy exercises through one camera and says how they go."""

__version__ = "0.1.0"
