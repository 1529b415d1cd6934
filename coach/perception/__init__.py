"""A picture to an observation; alone knows MediaPipe."""
