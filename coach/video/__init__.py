"""Pictures and sound in and out; alone knows PyAV and OpenCV's cameras."""
