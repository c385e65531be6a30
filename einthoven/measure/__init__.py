"""Waves, intervals, axes, amplitudes, rhythm and quality: `Ecg -> Measurements`."""
