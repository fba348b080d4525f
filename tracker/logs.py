"""What must not stand in the log: addresses that are secrets."""

import logging
import re

_SECRETS = re.compile(r"(/(?:calendar|in|invitations|welcome)/)[^\s/?\"']+")


class HideSecrets(logging.Filter):
    """Blots out secrets in addresses: calendars, forwarders, invitations, the first start."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if _SECRETS.search(said):
            record.msg, record.args = _SECRETS.sub(r"\1••••", said), None
        return True
