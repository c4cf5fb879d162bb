"""CETS documents of several dialects, read into the model and written back."""
