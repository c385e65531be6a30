"""Metrics, one family a file: each as what items add up to, or as ranks, so that patients can be drawn anew."""
