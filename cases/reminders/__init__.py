"""Reminders: swept from the cases, gathered into notices, delivered.

`sweep` writes the reminders that are due, `notices` makes one notice for each channel, `delivery` sends them. Each step
may be stopped anywhere and run again; nothing is remembered outside the database.
"""
