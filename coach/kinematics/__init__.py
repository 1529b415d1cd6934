"""A pose as lengths, angles and named signals."""
