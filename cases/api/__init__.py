"""/api/v1: what the pages do, for programs. A door, then schema, operation, answer; no rule lives here."""
