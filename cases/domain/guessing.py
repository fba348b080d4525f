"""How guessing a password or a code is slowed down: by waits that grow with the failures, and never by a lock.

The scheme is OWASP's "Slow Down Online Guessing Attacks with Device Cookies": a browser that has signed in to an
account before is counted by itself, everything else by its address together with the account, and by the account as a
whole. So whoever guesses makes only themselves wait at first, and never the account's owner on a browser of theirs.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """`free` failures cost nothing; after each further one the wait doubles, from `first_wait` seconds to
    `longest_wait`; `memory` seconds after the last failure all is forgotten."""

    free: int
    first_wait: int
    longest_wait: int
    memory: int

    def wait(self, failures: int) -> int:
        """The seconds to wait after so many failures."""
        if failures < self.free:
            return 0
        doublings = min(failures - self.free, 30)
        return min(self.first_wait << doublings, self.longest_wait)


_HOUR = 3600
_DAY = 24 * _HOUR

#: A browser that signed in to the account before.
BROWSER = Pace(free=5, first_wait=30, longest_wait=15 * 60, memory=_HOUR)
#: An address that is not known with the account.
ADDRESS = Pace(free=5, first_wait=30, longest_wait=15 * 60, memory=_HOUR)
#: An address over all accounts: many people may share one, and one guesser tries many accounts.
ADDRESS_ALL = Pace(free=30, first_wait=2, longest_wait=60, memory=600)
#: The account, from all addresses that are not known: at most a guess a minute however many machines guess.
ACCOUNT = Pace(free=20, first_wait=2, longest_wait=60, memory=_DAY)
#: The same for six digits, of which three are right at a time: at most 144 guesses a day.
ACCOUNT_CODES = Pace(free=10, first_wait=30, longest_wait=600, memory=_DAY)
