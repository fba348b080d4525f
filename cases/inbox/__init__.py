"""From a carrier's message to the case: received, looked at, stored, read, matched, put on the record or proposed."""
