"""Thousands of videos: each analysed once, by any number of processes and machines, with its state in files.

Engines keep no state. A video is done when its result folder exists in the batch's folder under its key; any later
start, here or elsewhere, looks there and continues.
"""
