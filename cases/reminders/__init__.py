"""Reminders: swept from the cases, gathered into notices, delivered.

`sweep` writes what is due, `gather` makes one message for each channel of it, `deliver` sends those. Each step is one
transaction that can end at any instruction and be run again; nothing is remembered outside the database.
"""
