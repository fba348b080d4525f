"""The operator's side: every case, the registers, the calendar, the people. No rule lives here.

Cases are changed by the operations alone; what is edited by hand are the registers that they read.
"""

from cases.admin import appeal_bodies, calendar, cards, carriers, cases, messages, notices, people, site

__all__ = ["appeal_bodies", "calendar", "cards", "carriers", "cases", "messages", "notices", "people", "site"]
