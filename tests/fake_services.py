"""The other side of the channels: real HTTP servers in the test process that check and answer as the services do.

Written from the services' public documents, apart from our senders: each looks at what comes over the wire and refuses
what the service would refuse, with its words.
"""

import base64
import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: Status and body.
Reply = tuple[int, Any]


@dataclass
class Got:
    """One request as it came over the wire."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    data: Any
    raw: bytes
    method: str = "POST"


@dataclass
class Receiver:
    """A server on this machine; `answer` decides on each request, `got` keeps them."""

    answer: Callable[[Got], Reply]
    got: list[Got] = field(default_factory=list)
    port: int = 0


@contextmanager
def serving(receiver: Receiver, certificate: Path | None = None) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.answer("POST")

        def do_PUT(self) -> None:
            self.answer("PUT")

        def answer(self, method: str) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            got = Got(parts.path, query, dict(self.headers.items()), json.loads(raw), raw, method)
            receiver.got.append(got)
            status, body = receiver.answer(got)
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up is no news
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def certificate(folder: Path, *names: str) -> Path:
    """A certificate for these names that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "xiaoka tests")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


# The services


def wecom(got: Got) -> Reply:
    assert got.path == "/cgi-bin/webhook/send"
    if got.query.get("key") != "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa":
        return 200, {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1700000000]"}
    if got.data["msgtype"] != "text" or len(got.data["text"]["content"].encode()) > 2048:
        return 200, {"errcode": 45002, "errmsg": "content size out of limit"}
    return 200, {"errcode": 0, "errmsg": "ok"}


def dingtalk(got: Got) -> Reply:
    assert got.path == "/robot/send"
    if got.query.get("access_token") != "a" * 64:
        return 200, {"errcode": 300005, "errmsg": "token is not exist"}
    stamp, secret = got.query.get("timestamp", "0"), "SEC" + "b" * 64
    wanted = base64.b64encode(hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest())
    if abs(time.time() * 1000 - int(stamp)) > 3_600_000 or got.query.get("sign", "").encode() != wanted:
        return 200, {"errcode": 310000, "errmsg": "sign not match, more: [https://ding.example/doc]"}
    if len(got.raw) > 20_000 or got.data["msgtype"] != "text" or not got.data["text"]["content"]:
        return 200, {"errcode": 400101, "errmsg": "message too long"}
    return 200, {"errcode": 0, "errmsg": "ok"}


def feishu(got: Got) -> Reply:
    if got.path != "/open-apis/bot/v2/hook/0c6d7a1e-0000-4000-8000-00000000beef":
        return 400, {"code": 19001, "msg": "param invalid: incoming webhook access token invalid", "data": {}}
    stamp = got.data.get("timestamp", "0")
    digest = hmac.new(f"{stamp}\nfeishusecret".encode(), b"", digestmod=hashlib.sha256).digest()
    if abs(time.time() - int(stamp)) > 3600 or got.data.get("sign") != base64.b64encode(digest).decode():
        return 200, {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
    if got.data["msg_type"] != "text" or len(got.raw) > 20_480:
        return 200, {"code": 9499, "msg": "Bad Request", "data": {}}
    return 200, {"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}


def bark(got: Got) -> Reply:
    assert got.path == "/push"
    key = got.data["device_key"]
    if key != "kR7vQ2mZp9sT4wXy":
        text = f"failed to get device token: failed to get [{key}] device token from database"
        return 400, {"code": 400, "message": text, "timestamp": 1700000000}
    if len(got.raw) > 4096 or not got.data["title"]:
        return 413, {"code": 413, "message": "too large"}
    return 200, {"code": 200, "message": "success", "timestamp": 1700000000}


def serverchan(got: Got) -> Reply:
    """Both editions: the older has the key alone in its path."""
    if got.path not in ("/SCT123456TAbCdEfGhIjKlMnOp.send", "/send/sctp4711tabcdefghijklmnop.send"):
        return 400, {"message": "[AUTH]错误的Key", "code": 40001, "info": "错误的Key", "args": [None]}
    if not got.data["title"] or len(got.data["title"]) > 32:
        return 400, {"message": "标题太长", "code": 40011}
    return 200, {"code": 0, "message": "", "data": {"pushid": "1", "errno": 0}}


def pushplus(got: Got) -> Reply:
    assert got.path == "/send"
    if got.data["token"] != "c" * 32:
        return 200, {"code": 903, "msg": "无效的用户令牌", "data": None}
    if got.data["template"] != "txt" or not got.data["content"]:
        return 200, {"code": 905, "msg": "参数不对"}
    return 200, {"code": 200, "msg": "请求成功", "data": "8a2b"}


def lark(got: Got) -> Reply:
    """Feishu's protocol under another name."""
    return feishu(got)


def slack(got: Got) -> Reply:
    """Answers in plain text."""
    if got.path != "/services/T0AAAAAAA/B0BBBBBBB/abcdefghijklmnopqrstuvwx":
        return 403, b"invalid_token"
    text = got.data.get("text")
    if not text or len(text) > 40_000 or got.data.get("mrkdwn") is not False:
        return 400, b"no_text"
    return 200, b"ok"


def telegram(got: Got) -> Reply:
    """Repeats the whole message, with each Chinese character as six ASCII ones."""
    if got.path != "/bot123456789:AAEabcdefghijklmnopqrstuvwxyz0123456/sendMessage":
        return 401, {"ok": False, "error_code": 401, "description": "Unauthorized"}
    if got.data["chat_id"] != "-1001234567890":
        return 400, {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}
    if len(got.data["text"].encode("utf-16-le")) > 2 * 4096:
        return 400, {"ok": False, "error_code": 400, "description": "Bad Request: message is too long"}
    assert "parse_mode" not in got.data
    bot = {"id": 123456789, "is_bot": True, "first_name": "Xiaoka"}
    chat = {"id": -1001234567890, "title": "销卡", "type": "supergroup"}
    result = {"message_id": 7, "from": bot, "chat": chat, "date": 1700000000, "text": got.data["text"]}
    return 200, {"ok": True, "result": result}


def discord(got: Got) -> Reply:
    if got.path != "/api/webhooks/223704706495545344/" + "d" * 68:
        return 401, {"message": "Invalid Webhook Token", "code": 50027}
    content = got.data["content"]
    if not content or len(content) > 2000:
        return 400, {"content": ["Must be 2000 or fewer in length."]}
    assert got.data["allowed_mentions"] == {"parse": []}
    if got.query.get("wait") != "true":
        return 204, b""
    return 200, {"id": "1234567890123456789", "type": 0, "content": content, "webhook_id": "223704706495545344"}


def ntfy(got: Got) -> Reply:
    """The topic 'protected-topic' takes messages with a token only. A long text would become a file."""
    assert got.path == "/"
    token = got.headers.get("Authorization")
    if token not in (None, "Bearer tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"):
        return 401, {"code": 40101, "http": 401, "error": "unauthorized"}
    topic, message = got.data["topic"], got.data["message"]
    if topic == "protected-topic" and token is None:
        link = "https://ntfy.sh/docs/publish/#authentication"
        return 403, {"code": 40301, "http": 403, "error": "forbidden", "link": link}
    reply = {"id": "hwQ2YpKdmg", "time": 1700000000, "event": "message", "topic": topic, "title": got.data["title"]}
    if len(message.encode()) > 4096:
        return 200, reply | {"message": "You received a file", "attachment": {"name": "attachment.txt"}}
    return 200, reply | {"message": message}


def gotify(got: Got) -> Reply:
    """Under a path, as behind a proxy."""
    if got.path != "/gotify/message":
        return 404, b"404 page not found"
    if got.headers.get("X-Gotify-Key") != "A3bcD_efGhij-K.":
        text = "you need to provide a valid access token or user credentials to access this api"
        return 401, {"error": "Unauthorized", "errorCode": 401, "errorDescription": text}
    if not got.data["message"]:
        return 400, {"error": "Bad Request", "errorCode": 400, "errorDescription": "Field 'message' is required"}
    return 200, {"id": 25, "appid": 5, "date": "2026-10-14T01:00:00Z", **got.data}


@dataclass
class Homeserver:
    """Matrix: a transaction that came before is answered as before, and its event is not sent again."""

    events: dict[str, str] = field(default_factory=dict)

    def __call__(self, got: Got) -> Reply:
        prefix = "/_matrix/client/v3/rooms/%21AbCdEfGh%3Aexample.com/send/m.room.message/"
        if got.headers.get("Authorization") != "Bearer syt_eGlhb2th_abcdefghijklmnopqrst_0aBcDe":
            return 401, {"errcode": "M_UNKNOWN_TOKEN", "error": "Invalid access token passed.", "soft_logout": False}
        if got.method != "PUT" or not got.path.startswith(prefix):
            return 403, {"errcode": "M_FORBIDDEN", "error": "User @xiaoka:example.com not in room"}
        if len(got.raw) > 65_000:
            return 413, {"errcode": "M_TOO_LARGE", "error": "event too large"}
        assert got.data["msgtype"] == "m.text"
        transaction = got.path.removeprefix(prefix)
        event = self.events.setdefault(transaction, f"$event{len(self.events)}")
        return 200, {"event_id": event}


def anything(got: Got) -> Reply:
    return 204, b""
