"""Middleware: language, sign of life, metrics, headers and limits."""
