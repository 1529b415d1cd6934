"""Pictures and sound in and out; the only package that knows PyAV and OpenCV's cameras."""
