"""Thousands of videos: each analysed once, by any number of processes and machines, with its state in files.

Nothing is kept in an engine. A video is done when the folder of its result stands in the batch's folder under its key;
whoever starts again, here or elsewhere, looks there and goes on.
"""
