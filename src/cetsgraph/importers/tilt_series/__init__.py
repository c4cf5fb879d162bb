"""Files of several programs about one tilt series, merged image by image."""

FAMILY = "tilt series"
"""The family of importers whose files are merged."""
