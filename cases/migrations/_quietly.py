"""Indexes of tables that are large and in use: PostgreSQL makes and drops them CONCURRENTLY, without holding writers up.

Such a migration is not atomic. Broken off anywhere it can be run again: what a broken run left is dropped first.
"""

from django.db.migrations import AddIndex, RemoveIndex


def _concurrently(schema_editor):
    return " CONCURRENTLY" if schema_editor.connection.vendor == "postgresql" else ""


def _drop(schema_editor, name):
    schema_editor.execute(f"DROP INDEX{_concurrently(schema_editor)} IF EXISTS {schema_editor.quote_name(name)}")


class AddIndexQuietly(AddIndex):
    atomic = False

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        _drop(schema_editor, self.index.name)
        model = to_state.apps.get_model(app_label, self.model_name)
        statement = str(self.index.create_sql(model, schema_editor))
        schema_editor.execute(statement.replace("CREATE INDEX", f"CREATE INDEX{_concurrently(schema_editor)}", 1), None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        _drop(schema_editor, self.index.name)


class RemoveIndexQuietly(RemoveIndex):
    atomic = False

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        _drop(schema_editor, self.name)
