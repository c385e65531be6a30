"""Does a model look at the ECG at all? The same questions with other ECGs, no ECG, other words, and what that tells."""
