"""The Hugging Face shaped model: configuration, signal tower, projector, language model, processor."""
