"""Made-up cases in every state, for looking around, for pictures and for trying changes out.

Everything goes through `cases.operations`, with moments in the past: timelines read as if people had worked, and
chains verify. The same seed and moment give the same cases, references included. Numbers are 1xx 0000 #### (and
144 0000 00#### for IoT cards): one fixed pattern, chosen by nobody's likeness; texts of SMS say that they are
made up (演示短信).
"""

from cases.management.demo.accounts import account_lines
from cases.management.demo.loading import DatabaseInUse, load

__all__ = ["DatabaseInUse", "account_lines", "load"]
