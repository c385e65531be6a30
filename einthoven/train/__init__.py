"""Objectives, stages and recipes that make the weights; needs the extra `train`."""
