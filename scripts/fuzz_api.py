"""Sends the API valid and invalid requests generated from its OpenAPI document, with every check of schemathesis.

``fuzz_api.py [--seconds 75] [--seed N]`` starts its own server with demo cases in a temporary folder, on the database
of DATABASE_URL if set, which must be empty. Fails if a response is a 5xx or does not conform to the document. The
settings of schemathesis are in scripts/fuzz_api.toml.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Creates a token of the demo's manager; prints its secret, then the references of the team's cases.
MAKE_TOKEN_SCRIPT = """
from django.utils import timezone
from cases.domain.roles import Scope
from cases.models import Case, Membership
from cases.operations.tokens import create_token
manager = Membership.objects.filter(role="manager").order_by("pk").first()
print(create_token(manager, name="fuzz", scopes=list(Scope), days=30, now=timezone.now())[1])
print(*Case.objects.filter(team=manager.team).values_list("reference", flat=True), sep="\\n")
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def run_manage(env: dict[str, str], *command: str) -> str:
    result = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True
    )
    return result.stdout


def wait_for(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{url} does not respond")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=75, help="duration in seconds (default: 75)")
    parser.add_argument("--seed", type=int, help="seed, to repeat a run")
    options, extra_arguments = parser.parse_known_args()
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="xiaoka-fuzz-") as folder:
        env = os.environ | {
            "DATA_DIR": folder,
            "PORT": str(port),
            "XIAOKA_TEST": "1",
            "API_REQUESTS_A_MINUTE": "1000000",
            "DJANGO_SETTINGS_MODULE": "tracker.settings",
        }
        for command in (["migrate", "-v0"], ["load_demo", "--cases", "60"]):
            run_manage(env, *command)
        secret, *references = run_manage(env, "shell", "-v0", "-c", MAKE_TOKEN_SCRIPT).split()
        Path(folder, "references.dict").write_text("".join(f'"{reference}"\n' for reference in references))
        config = Path(folder, "schemathesis.toml")
        config.write_text((ROOT / "scripts/fuzz_api.toml").read_text())
        log = Path(folder, "server.log")
        with log.open("w") as log_file:
            server = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "tracker.wsgi", "--bind", f"127.0.0.1:{port}"),
                    *("--worker-class", "tracker.web_server.worker.BufferingWorker", "--workers", "2"),
                    *("--threads", "2", "--log-level", "warning", "--no-control-socket"),
                ],
                cwd=ROOT,
                env=env,
                stdout=log_file,
                stderr=log_file,
            )
        try:
            document_url = f"http://127.0.0.1:{port}/api/v1/openapi.json"
            wait_for(document_url)
            seed = ["--seed", str(options.seed)] if options.seed is not None else []
            result = subprocess.run(
                [
                    *(str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(config)),
                    *("run", document_url, "--warnings", "off", "--max-time", str(options.seconds)),
                    *seed,
                    *extra_arguments,
                ],
                cwd=folder,
                env=env | {"FUZZ_TOKEN": secret},
                check=False,
            )
        finally:
            server.terminate()
            server.wait(30)
        error_lines = [line for line in log.read_text().splitlines() if "Traceback" in line or "Broken:" in line]
        if error_lines or result.returncode:
            sys.stdout.write(log.read_text()[-20000:] if error_lines else "")
        return result.returncode or bool(error_lines)


if __name__ == "__main__":
    sys.exit(main())
