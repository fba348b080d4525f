"""Different verbs over many cases at once: each case gets its own, in the statements of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from cases.domain.roles import Right
from cases.models import Case
from cases.models.choices import EntryKind
from cases.operations.engine.verb import Verb, Work


@dataclass(frozen=True)
class PerCase(Verb):
    """`verbs` by the keys of cases, all of one class; their own rows, where there are any, are written case by case."""

    verbs: Mapping[int, Verb]
    kind: ClassVar[EntryKind] = EntryKind.LOGGED

    @property
    def right(self) -> Right | None:  # type: ignore[override]
        """That of its verbs."""
        return next(iter(self.verbs.values())).right

    def load(self, cases: Sequence[Case]) -> Mapping[int, Any]:
        return next(iter(self.verbs.values())).load(cases)

    def apply(self, work: Work) -> None:
        verb = self.verbs[work.case.pk]
        work.kind = verb.kind
        verb.apply(work)

    def check(self, work: Work) -> None:
        self.verbs[work.case.pk].check(work)

    def write(self, works: Sequence[Work]) -> None:
        for work in works:
            self.verbs[work.case.pk].write([work])
