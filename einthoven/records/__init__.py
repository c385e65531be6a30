"""Recordings: reading, cleaning, resampling, datasets, splits, pairs and windows."""
