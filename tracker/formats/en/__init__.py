"""English, as in Britain: Django's is American."""
