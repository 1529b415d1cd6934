"""A picture to an observation; the only package that knows MediaPipe."""
