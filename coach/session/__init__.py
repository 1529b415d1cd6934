"""One exercise once: observations to moments, a result and a timeline."""
