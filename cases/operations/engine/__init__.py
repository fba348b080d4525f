"""The engine that runs every verb: lock, change in memory, write in one transaction."""
