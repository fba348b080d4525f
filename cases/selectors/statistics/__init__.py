"""Figures about a team's cases, as values that pages and API share (docs/statistics.md says what each one means)."""
