"""Who answers: endpoints, functions, baselines, the question-only twin; each a callable from samples to answers."""
