"""Views: fetch, form, operation, redirect. No rule lives here."""
