"""Rows that are written once: every door of the ORM that would change or remove one is shut.

Tampering below the ORM cannot be prevented here; the hash chain (`cases.domain.hash_chain`) finds it.
"""

from collections.abc import Iterable
from typing import Any, NoReturn, Self, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class AppendOnlyError(TypeError):
    """Code tried to change or delete a row of the record: a programming error, never a user's."""

    def __init__(self) -> None:
        super().__init__("rows of the record are written once and never changed or deleted")


class AppendOnlyQuerySet(models.QuerySet[M]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError

    def _update(self, values: Any) -> NoReturn:
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        raise AppendOnlyError

    def _raw_delete(self, using: str | None) -> NoReturn:
        raise AppendOnlyError

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError

    def bulk_create(
        self,
        objs: Iterable[M],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Any = None,
        unique_fields: Any = None,
    ) -> list[M]:
        if ignore_conflicts or update_conflicts:
            raise AppendOnlyError
        return super().bulk_create(objs, batch_size)

    # The asynchronous doors lead through the ones above.

    def erase(self) -> int:
        """Delete these rows by right, as the law asks: the one door for that, for `cases.operations.erasure` alone."""
        return super()._raw_delete(self.db)


class AppendOnlyModel(models.Model):
    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save_base(self, raw: bool = False, force_insert: Any = False, *args: Any, **kwargs: Any) -> None:
        # Forced: with a primary key that exists, a plain save would become an UPDATE.
        if not self._state.adding:
            raise AppendOnlyError
        super().save_base(raw, True, *args, **kwargs)

    def delete(self: Self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError
