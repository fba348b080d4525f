"""The web server: gunicorn's processes, and in each waitress, which costs a slow client no thread (decision 53)."""
