"""Rows that are written once: every method of the ORM that would change or delete one is refused.

Tampering below the ORM cannot be prevented here; the hash chain (`cases.domain.hash_chain`) finds it.
"""

from collections.abc import Collection, Iterable
from typing import NoReturn, TypeVar

from django.db import models
from django.db.models.base import ModelBase

M = TypeVar("M", bound=models.Model)


class AppendOnlyError(TypeError):
    """Code tried to change or delete a row of the record: a programming error, never a user's."""

    def __init__(self) -> None:
        super().__init__("rows of the record are written once and never changed or deleted")


class AppendOnlyQuerySet(models.QuerySet[M]):
    def update(self, **kwargs: object) -> NoReturn:
        raise AppendOnlyError

    def _update(self, values: object) -> NoReturn:
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        raise AppendOnlyError

    def _raw_delete(self, using: str | None) -> NoReturn:
        raise AppendOnlyError

    def bulk_update(self, *args: object, **kwargs: object) -> NoReturn:
        raise AppendOnlyError

    def bulk_create(
        self,
        objs: Iterable[M],
        batch_size: int | None = None,
        ignore_conflicts: bool = False,
        update_conflicts: bool = False,
        update_fields: Collection[str] | None = None,
        unique_fields: Collection[str] | None = None,
    ) -> list[M]:
        if ignore_conflicts or update_conflicts:
            raise AppendOnlyError
        return super().bulk_create(objs, batch_size)

    # The asynchronous methods call the ones above.

    def erase(self) -> int:
        """Delete these rows, as the law requires; returns how many. Only `cases.operations` erases."""
        return super()._raw_delete(self.db)


class AppendOnlyModel(models.Model):
    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save_base(
        self,
        raw: bool = False,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        # Forced: with a primary key that exists, a plain save would become an UPDATE.
        if not self._state.adding:
            raise AppendOnlyError
        super().save_base(raw, True, force_update, using, update_fields)

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        raise AppendOnlyError
