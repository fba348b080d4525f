"""Text made alike in capitals, in the order of its code points: so that a beginning is a range of an index."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Q, Value
from django.db.models.fields import TextField
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThan
from django.db.models.sql.compiler import SQLCompiler

#: After every character that text can hold.
_LAST_CHARACTER = "\U0010ffff"


class Folded(Func):
    """Capitals, compared by code points on PostgreSQL too, whatever the database's own collation."""

    function = "UPPER"
    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[object, ...]]:
        template = 'UPPER(%(expressions)s) COLLATE "C"'
        return self.as_sql(compiler, connection, template=template)


def istartswith_indexed(path: str, text: str) -> Q:
    """The field begins with this text, whatever the case of its letters."""
    column = Folded(F(path))
    return Q(GreaterThanOrEqual(column, Folded(Value(text)))) & Q(
        LessThan(column, Folded(Value(text + _LAST_CHARACTER)))
    )


def iexact_indexed(path: str, text: str) -> Q:
    """The field is this text, whatever the case of its letters."""
    return Q(Exact(Folded(F(path)), Folded(Value(text))))
