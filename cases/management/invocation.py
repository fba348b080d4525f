"""A command from the terminal: which database it works on, and errors in one line instead of tracebacks.

A command in a shell without the services' settings would otherwise make an empty database of its own and work on that.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, execute_from_command_line, get_commands
from django.db import Error, connection
from django.utils.translation import gettext as _
from environs import EnvError

from cases import wording
from cases.models import User
from cases.models.storage_errors import storage_problem

#: Commands that make a database where there is none, and those that say themselves what they do without one.
_MAKE_ONE = frozenset({"serve", "migrate", "restore"})
_NEED_NONE = frozenset({"explain_deadlines", "verify_dossier"})
#: Commands of Django and its packages that work on the database's content.
_OF_PACKAGES = frozenset(
    {"changepassword", "createsuperuser", "clearsessions", "dbshell", "dumpdata", "flush", "loaddata", "shell"}
)
#: What a database says of a table or column that is not there.
_NO_TABLE = ("no such table", "no such column", "does not exist")


def database_name() -> str:
    """The database as a person would look for it: a file, or host, port and name; never a password."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(database["NAME"])
    return f"{database['HOST'] or 'localhost'}:{database['PORT'] or 5432}/{database['NAME']}"


def execute(argv: Sequence[str]) -> None:
    """Run the command in argv; what goes wrong ends the process with one line. `--traceback` shows where."""
    name = argv[1] if len(argv) > 1 else ""
    try:
        if _works_on_database(name) and not {"--help", "-h"} & set(argv):
            _announce_database(name, quiet="--verbosity=0" in argv)
        execute_from_command_line(list(argv))
    except (ImproperlyConfigured, EnvError, CommandError) as error:
        _end(str(error))
    except (Error, OSError) as error:
        if "--traceback" in argv or isinstance(error, BrokenPipeError):
            raise
        _end(_sentence(error))
    except KeyboardInterrupt:
        sys.exit(130)


def refuse_empty(*, insist: bool) -> None:
    """CommandError where the database has no tables or no accounts, unless the caller insists on an empty one."""
    if not _has_tables():
        raise CommandError(_no_tables_text())
    if not insist and not User.objects.exists():
        raise CommandError(
            _("The database %(database)s has no accounts. %(hint)s If it is meant to be empty, add --empty.")
            % {"database": database_name(), "hint": _hint()}
        )


def _works_on_database(name: str) -> bool:
    is_ours = get_commands().get(name) == "cases" and name not in _MAKE_ONE | _NEED_NONE
    return is_ours or name in _OF_PACKAGES | {"restore"}


def _announce_database(name: str, *, quiet: bool) -> None:
    if not quiet:
        sys.stderr.writelines([_("Database: %(database)s") % {"database": database_name()}, "\n"])
    if connection.vendor == "sqlite" and name not in _MAKE_ONE:
        path = Path(connection.settings_dict["NAME"])
        if not path.is_file() or not path.stat().st_size:
            raise CommandError(_("There is no database %(database)s. %(hint)s") % _place())


def _has_tables() -> bool:
    return "cases_user" in connection.introspection.table_names()


def _place() -> dict[str, str]:
    return {"database": database_name(), "hint": _hint()}


def _hint() -> str:
    """What a person does who meant another database."""
    return _("Xiaoka as a service has its own settings: run its commands with xiaoka-manage (docs/operations.md).")


def _no_tables_text() -> str:
    return _("The database %(database)s has no tables of this version. %(hint)s A new one is made by “migrate”.") % (
        _place()
    )


def _sentence(error: Error | OSError) -> str:
    """What a person at the terminal needs of an error that no command expected."""
    if problem := storage_problem(error):
        return wording.join_sentences([wording.error_message(problem), _first_line(error)])
    if isinstance(error, Error):
        if any(text in str(error) for text in _NO_TABLE):
            return _no_tables_text()
        return _("The database %(database)s cannot be used: %(why)s") % {
            "database": database_name(),
            "why": _first_line(error),
        }
    where = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes | os.PathLike) else ""
    return f"{where}{error.strerror or error}"


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split("\n", 1)[0].split())


def _end(message: str) -> None:
    sys.exit("xiaoka: " + " ".join(message.split()))
