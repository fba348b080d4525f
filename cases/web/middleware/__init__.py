"""Middleware: language, health, metrics, headers and limits."""
