"""Scorers as published, faults included: for comparison with printed tables, never for a claim of our own."""
