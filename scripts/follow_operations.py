"""Follows docs/operations.md, 'As a service', to the letter, and looks whether what it promises is so.

``python scripts/follow_operations.py`` takes every ``sh`` block of the section in its order. Only REPOSITORY is
replaced, by this checkout. As root, with systemd-nspawn, it boots a container over a copy of this machine's files that
is thrown away; otherwise, or where no container boots, it runs the steps one after another, as root, in such a copy
without systemd, with the units' own commands. Needs root and overlayfs either way; says so in one line where they are
missing (status 77). The network is this machine's, as far as packages need it, and PORT one that is free.
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECTION = "## As a service"
NOT_POSSIBLE = 77
PORT = 8377
#: Where the copied machine has the repository that the section clones.
SOURCE = "/opt/xiaoka-source.git"
BOOT_SECONDS, START_SECONDS = 60.0, 180.0
UNITS = ("xiaoka-web", "xiaoka-worker")
#: What a person edits before the first start, here: nothing but the port, which others may use on this machine.
EDIT = f"echo PORT={PORT} >>/etc/xiaoka.env"

BY_PROXY = "-H 'X-Forwarded-Proto: https' -H 'Host: xiaoka.example.com'"

#: Runs a shell script within the copy; returns what it printed.
Run = Callable[[str], str]


def blocks_of(section: str) -> list[str]:
    """The ``sh`` blocks of a section of docs/operations.md, its subsections included, in their order."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    start = text.index(f"\n{section}\n")
    end = text.find("\n## ", start + len(section))
    return re.findall(r"^```sh\n(.*?)^```$", text[start:end], re.MULTILINE | re.DOTALL)


@contextmanager
def copied_machine() -> Iterator[Path]:
    """This machine's files, to be changed at will; what is changed lies in memory and is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="xiaoka-machine-") as name:
        folder = Path(name)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", name], check=True)
        try:
            upper, work, root = (folder / part for part in ("upper", "work", "root"))
            for path in (upper, work, root):
                path.mkdir()
            options = f"lowerdir=/,upperdir={upper},workdir={work}"
            subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, str(root)], check=True)
            try:
                forget_earlier_runs(root)
                # Wherever this checkout lies, which may be a folder that a container has of its own, as /tmp.
                subprocess.run(["git", "clone", "--quiet", "--bare", str(ROOT), f"{root}{SOURCE}"], check=True)
                yield root
            finally:
                subprocess.run(["umount", "--recursive", "--lazy", str(root)], check=False)
        finally:
            subprocess.run(["umount", "--lazy", name], check=False)


def forget_earlier_runs(root: Path) -> None:
    """A copy of a machine on which Xiaoka runs as a service starts without it."""
    for path in ("srv/xiaoka", "var/lib/xiaoka", "var/backups/xiaoka"):
        shutil.rmtree(root / path, ignore_errors=True)
    for path in ("etc/xiaoka.env", "usr/local/sbin/xiaoka-manage", "etc/machine-id"):
        (root / path).unlink(missing_ok=True)
    for unit in UNITS:
        (root / f"etc/systemd/system/{unit}.service").unlink(missing_ok=True)
    (root / "etc/machine-id").touch()
    # The clone is made from there, by root, whoever owns the checkout.
    (root / "root/.gitconfig").write_text("[safe]\n\tdirectory = *\n")


def run_in(prefix: list[str]) -> Run:
    """Scripts run after a prefix that enters the copy; ends with the script's output where it fails."""

    def run(script: str) -> str:
        print("".join(f"  $ {line}\n" for line in script.strip().splitlines()), end="", flush=True)
        environment = {name: os.environ[name] for name in os.environ if name.startswith(("PIP_", "SSL_"))} | {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "DEBIAN_FRONTEND": "noninteractive",
        }
        command = [*prefix, "/bin/sh", "-ec", f"cd /\n{script}"]
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{done.stdout}{done.stderr}\nfollow_operations: failed with {done.returncode}:\n{script}")
        return done.stdout

    return run


@contextmanager
def booted(root: Path) -> Iterator[Run | None]:
    """A container booted in the copy, to run scripts in; None where it does not boot."""
    command = ["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--console=pipe"]
    command += [f"--machine=xiaoka-{os.getpid()}", f"--directory={root}", "systemd.unit=basic.target"]
    with open(root.parent / "boot.log", "wb") as log:
        container = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        leader = wait_for_leader(container)
        if leader:
            enter = ["nsenter", f"--target={leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--root"]
            yield run_in(enter)
        else:
            print((root.parent / "boot.log").read_text(errors="replace"))
            yield None
    finally:
        container.terminate()
        try:
            container.wait(30)
        except subprocess.TimeoutExpired:
            container.kill()
            container.wait()


def wait_for_leader(container: "subprocess.Popen[bytes]") -> str | None:
    """The process that is the container's init, once it has booted."""
    deadline = time.monotonic() + BOOT_SECONDS
    while time.monotonic() < deadline and container.poll() is None:
        children = Path(f"/proc/{container.pid}/task/{container.pid}/children").read_text().split()
        for child in children:
            state = ["nsenter", f"--target={child}", "--mount", "--pid", "--root", "systemctl", "is-system-running"]
            if subprocess.run(state, capture_output=True, text=True).stdout.strip() in ("running", "degraded"):
                return child
        time.sleep(0.5)
    return None


def follow(run: Run, *, systemd: bool) -> None:
    """The section's blocks in their order; the edit stands where the text tells the reader to edit."""
    for block in blocks_of(SECTION):
        script = block.replace("REPOSITORY", shlex.quote(f"file://{SOURCE}"))
        if "systemctl" in script and not systemd:
            run(re.sub(r"^systemctl .*\n", "", script, flags=re.MULTILINE) + START_WITHOUT_SYSTEMD)
            wait_until_well(run)
            continue
        if "journalctl" in script and not systemd:
            script = "grep -A 1 'First start' /tmp/xiaoka-web.log"
        run(script)
        if "/etc/xiaoka.env" in script:
            run(EDIT)
        if "systemctl enable" in script:
            wait_until_well(run)


#: What the units do, without systemd: the folder, and their commands as their user with their settings.
START_WITHOUT_SYSTEMD = """
install -d -o xiaoka -g xiaoka -m 700 /var/lib/xiaoka
for half in web worker; do
  touch /tmp/xiaoka-$half.log
  setsid xiaoka-manage serve --$half-only >/tmp/xiaoka-$half.log 2>&1 </dev/null &
done
"""


def wait_until_well(run: Run) -> None:
    """Until /healthz answers 200: web server, worker and a first sweep work."""
    run(
        f"for second in $(seq {START_SECONDS:.0f}); do\n"
        f"  curl -fs http://127.0.0.1:{PORT}/healthz && exit 0\n  sleep 1\ndone\n"
        f"curl -s http://127.0.0.1:{PORT}/healthz; journalctl --no-pager --lines 60 || cat /tmp/xiaoka-*.log; exit 1"
    )


def look(run: Run, *, systemd: bool) -> None:
    """What the section promises: the services run, once started and as their user; nothing else can be written; a page
    and a PDF come; the backup is whole."""
    assert run("stat -c '%U %a' /var/lib/xiaoka") == "xiaoka 700\n"
    assert "<form" in run(
        f"curl -s -H 'X-Forwarded-Proto: https' -H 'Host: xiaoka.example.com' 127.0.0.1:{PORT}/sign-in/"
    )
    assert "manifest.json" in run("tar tf /var/backups/xiaoka/first.tar")
    if not systemd:
        return
    for unit in UNITS:
        properties = run(f"systemctl show {unit} --property=NRestarts,ActiveState,User")
        assert sorted(properties.split()) == ["ActiveState=active", "NRestarts=0", "User=xiaoka"], properties
        rating = run(f"systemd-analyze security --no-pager {unit} | tail -1")
        assert float(re.findall(r"[\d.]+(?= [A-Z])", rating)[-1]) <= 3.0, rating
    assert "denied" not in run("journalctl --no-pager --unit xiaoka-web --unit xiaoka-worker").lower()
    run(IN_THE_SANDBOX)


#: A PDF by the typesetter, which is compiled code, and a workbook read in a process with limits of its own.
CHECK = """
import tempfile, django, typst
django.setup()
from io import BytesIO
from pathlib import Path
from cases.documents.tables import Format, Table, write_table
from cases.operations.spreadsheet_process import read_spreadsheet
with tempfile.TemporaryDirectory() as folder:
    Path(folder, "a.typ").write_text("= Synthetic")
    assert typst.compile(Path(folder, "a.typ")).startswith(b"%PDF")
file = BytesIO()
write_table(file, Format.XLSX, Table("Cards", ["Number"], [["13800138000"]]))
assert len(read_spreadsheet(file.getvalue(), 10)) == 1
"""

#: The same under the worker's own restrictions.
IN_THE_SANDBOX = f"""
cat >/srv/xiaoka/check.py <<'END'
{CHECK}
END
sed -e 's|manage.py serve --worker-only|/srv/xiaoka/check.py|' -e 's/^Restart=.*/Type=oneshot/' \\
    -e 's/^UMask/Environment=DJANGO_SETTINGS_MODULE=tracker.settings\\nUMask/' -e '/^RestartSec/d' \\
    /etc/systemd/system/xiaoka-worker.service >/run/systemd/system/xiaoka-check.service
systemctl daemon-reload
systemctl start xiaoka-check || {{ journalctl --no-pager --unit xiaoka-check; exit 1; }}
"""


def main() -> None:
    """Follows the section; status 77 where this machine cannot, told in one line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--without-systemd", action="store_true", help="one step after another")
    options = parser.parse_args()
    if os.getuid() != 0 or not shutil.which("mount"):
        print("follow_operations: needs root, to work on a copy of this machine")
        sys.exit(NOT_POSSIBLE)
    try:
        with copied_machine() as root:
            if not options.without_systemd and shutil.which("systemd-nspawn"):
                with booted(root) as run:
                    if run:
                        follow(run, systemd=True)
                        look(run, systemd=True)
                        print("1 passed, 0 failed: followed in a container booted with systemd")
                        return
            print("No container boots here: one step after another, without systemd")
            follow_step_by_step(root)
            print("1 passed, 0 failed: followed step by step, without systemd")
    except subprocess.CalledProcessError as error:
        print(f"follow_operations: no copy of this machine can be made: {error}")
        sys.exit(NOT_POSSIBLE)


def follow_step_by_step(root: Path) -> None:
    """In the copy, in a namespace of processes of its own, which ends with what was started in it."""
    for name in ("dev", "sys"):
        subprocess.run(["mount", "--rbind", f"/{name}", str(root / name)], check=True)
    holder = subprocess.Popen(
        ["unshare", "--pid", "--fork", "--kill-child", f"--mount-proc={root / 'proc'}", "sleep", "3000"]
    )
    try:
        time.sleep(1)
        child = Path(f"/proc/{holder.pid}/task/{holder.pid}/children").read_text().split()[0]
        run = run_in(["nsenter", f"--target={child}", "--pid", "--mount", "chroot", str(root)])
        follow(run, systemd=False)
        look(run, systemd=False)
    finally:
        holder.kill()
        holder.wait()


if __name__ == "__main__":
    main()
