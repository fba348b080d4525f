"""The pages: views, forms, and what they display. Rules are in `domain` and `operations`."""
