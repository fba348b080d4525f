"""/api/v1: what the pages do, for programs. `endpoints` checks the token, views call operations; no rule is here."""
