"""Xiaoka's one application: case files for SIM cards being cancelled."""
