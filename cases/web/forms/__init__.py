"""Forms: what a page asks, and the sentences it gives when an answer does not fit."""
