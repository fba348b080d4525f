"""A time-stamp service on this machine: openssl's own responder (`openssl ts -reply`) behind a small web server."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")

_CONFIGURATION = """
[tsa]
default_tsa = service
[service]
dir = {folder}
serial = $dir/serial
crypto_device = builtin
signer_cert = $dir/tsa.pem
signer_key = $dir/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
[extensions]
extendedKeyUsage = critical, timeStamping
keyUsage = critical, digitalSignature
"""


@dataclass
class TimeStampService:
    """A certificate authority, a service that it certified, and what the service was asked; `refusing`: by HTTP 503."""

    folder: Path
    port: int = 0
    refusing: bool = False
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/tsa"

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    def answer(self, query: bytes) -> bytes:
        self.requests.append(query)
        asked, response = self.folder / "query.tsq", self.folder / "response.tsr"
        asked.write_bytes(query)
        run_openssl("ts", "-reply", "-config", self.folder / "tsa.cnf", "-queryfile", asked, "-out", response)
        return response.read_bytes()


def run_openssl(*arguments: object) -> None:
    assert OPENSSL
    subprocess.run([OPENSSL, *map(str, arguments)], check=True, capture_output=True, timeout=30)


def _make_certificates(folder: Path) -> None:
    (folder / "tsa.cnf").write_text(_CONFIGURATION.format(folder=folder))
    (folder / "serial").write_text("01\n")
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    root, tsa, csr = folder / "root.pem", folder / "tsa.pem", folder / "tsa.csr"
    root_key = folder / "root.key"
    run_openssl("req", "-x509", *new_key, "-keyout", root_key, "-out", root, "-days", 2, "-subj", "/CN=Synthetic root")
    run_openssl("req", *new_key, "-keyout", folder / "tsa.key", "-out", csr, "-subj", "/CN=Synthetic time stamps")
    run_openssl(
        *("x509", "-req", "-in", csr, "-CA", root, "-CAkey", root_key, "-CAcreateserial", "-out", tsa, "-days", 2),
        *("-extfile", folder / "tsa.cnf", "-extensions", "extensions"),
    )


@contextmanager
def time_stamp_service(folder: Path) -> Iterator[TimeStampService]:
    """A service with certificates of its own, in an empty folder."""
    _make_certificates(folder)
    service = TimeStampService(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            is_query = self.headers["Content-Type"] == "application/timestamp-query"
            body = service.answer(query) if is_query and not service.refusing else b"busy"
            self.send_response(200 if is_query and not service.refusing else 503)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
