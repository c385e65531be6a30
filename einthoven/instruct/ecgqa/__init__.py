"""ECG-QA: its official files read, and sets made by its rule from the labels of any archive."""
