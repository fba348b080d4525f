"""What must not stand in the log: addresses that are secrets."""

import logging
import re

_CALENDAR = re.compile(r"(/calendar/)[^\s/?\"']+")


class HideSecrets(logging.Filter):
    """Blots out the secret of a calendar's address in every line, whoever writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if "/calendar/" in said:
            record.msg, record.args = _CALENDAR.sub(r"\1••••", said), None
        return True
