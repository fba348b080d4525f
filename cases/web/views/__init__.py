"""Views: load, validate, call an operation, redirect. Rules are in `domain` and `operations`."""
