"""The OpenCV window and its voice."""
