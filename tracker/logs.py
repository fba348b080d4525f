"""What must not stand in the log: addresses that are secrets."""

import logging
import re

_SECRETS = re.compile(r"(/(?:calendar|invitations|welcome)/)[^\s/?\"']+")


class HideSecrets(logging.Filter):
    """Blots out the secret of a calendar's, an invitation's or the first start's address, whoever writes the line."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if _SECRETS.search(said):
            record.msg, record.args = _SECRETS.sub(r"\1••••", said), None
        return True
