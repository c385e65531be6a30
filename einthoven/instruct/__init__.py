"""Records and question families -> samples that a model can be taught and tested with."""
