"""From a sample to prompt, tokens and arrays, and the backends that answer; free of torch but for `torch_backend`."""
