"""Calls what openapi-python-client made of the document: each operation by its name, with something made for it."""

import importlib
import inspect
import io
import json
import pkgutil
import re
from enum import Enum
from types import ModuleType
from typing import Any, get_args

from cases.api import examples
from tests.processes import wait_until

NOW = "2026-10-16T10:00:00+08:00"


class Caller:
    """Calls the operations of the generated package by name; what a document does not name is an error."""

    def __init__(self, package: ModuleType, url: str, secret: str) -> None:
        self.client = package.AuthenticatedClient(
            base_url=url,
            token=secret,
            raise_on_unexpected_status=True,
            headers={"Accept-Language": "en"},
            timeout=60,
        )
        self.types = importlib.import_module(f"{package.__name__}.types")
        self.operations: dict[str, ModuleType] = {}
        api = importlib.import_module(f"{package.__name__}.api")
        for tag in pkgutil.iter_modules(api.__path__, f"{api.__name__}."):
            for one in pkgutil.iter_modules(importlib.import_module(tag.name).__path__, f"{tag.name}."):
                self.operations[one.name.rpartition(".")[2]] = importlib.import_module(one.name)
        self.last: Any = None
        self._numbers = iter(range(13800000001, 13900000000))

    def __call__(self, name: str, expect: int = 200, body: Any = None, **arguments: Any) -> Any:
        """What an operation answers, as the generated class; a body is given as a dictionary."""
        operation = self.operations[name]
        if body is not None:
            arguments["body"] = self.body_class(name).from_dict(body) if isinstance(body, dict) else body
        self.last = operation.sync_detailed(client=self.client, **arguments)
        assert self.last.status_code == expect, (name, self.last.status_code, self.last.content[:2000])
        return self.last.parsed

    def body_class(self, name: str) -> Any:
        operation = self.operations[name]
        annotation = inspect.signature(operation.sync_detailed).parameters["body"].annotation
        return getattr(operation, annotation if isinstance(annotation, str) else annotation.__name__)

    @property
    def etag(self) -> str:
        return str(self.last.headers["etag"])

    def file(self, name: str, content: bytes) -> Any:
        return self.types.File(payload=io.BytesIO(content), file_name=name, mime_type="application/octet-stream")

    def number(self) -> str:
        return str(next(self._numbers))

    def new_case(self, **fields: Any) -> str:
        body = {"number": self.number(), "carrier": "china-mobile", "submitted_at": "2026-09-30T15:00:00+08:00"}
        return str(self("log_one", 201, body | fields).reference)


def arguments(call: Caller, name: str) -> dict[str, Any]:
    """What an operation needs, made for it."""
    parameters = inspect.signature(call.operations[name].sync_detailed).parameters
    needed = [one for one in parameters if parameters[one].default is inspect.Parameter.empty and one != "client"]
    tag = call.operations[name].__name__.split(".")[2]
    given: dict[str, Any] = {}
    for one in ("reference", "references", "kind", "carrier", "month", "sequence", "pk", "body", "if_match"):
        if one in needed:
            given[one] = made(call, one, name, tag, given)
    assert list(given) == [one for one in given if one in needed]
    return given


def made(call: Caller, parameter: str, name: str, tag: str, given: dict[str, Any]) -> Any:
    if parameter == "reference":
        reference = call.new_case()
        if tag == "letters" and name != "read_draft":
            save_draft(call, reference)
        if tag == "timeline_corrections":
            call("follow_up", 200, {"words": "called"}, reference=reference)
        return reference
    if parameter == "kind":
        return enum_of(call, name, "kind")("complaint")
    if parameter == "pk":
        return new_object(call, name, tag, given)
    if parameter == "body":
        return body_of(call, name)
    if parameter == "if_match":
        if tag == "letters":
            kind = enum_of(call, "read_draft", "kind")("complaint")
            call("read_draft", 200, reference=given["reference"], kind=kind)
        elif tag == "cards":
            call("read_card", 200, pk=given["pk"])
        elif tag == "sms":
            call("read_case", 200, reference=call("read_message", 200, pk=given["pk"]).case)
        else:
            call("read_case", 200, reference=given["reference"])
        return call.etag
    simple = {"carrier": "china-mobile", "month": "2026-09", "sequence": 3, "references": [call.new_case()]}
    return simple[parameter]


def enum_of(call: Caller, name: str, parameter: str) -> Any:
    """The enumeration that a parameter takes."""
    annotation = inspect.signature(call.operations[name].sync_detailed).parameters[parameter].annotation
    return next(one for one in (annotation, *get_args(annotation)) if isinstance(one, type) and issubclass(one, Enum))


def save_draft(call: Caller, reference: str) -> None:
    kind = enum_of(call, "read_draft", "kind")("complaint")
    call("read_draft", 200, reference=reference, kind=kind)
    kind = enum_of(call, "save_draft", "kind")("complaint")
    body = examples.REQUEST_BODIES["save_draft"]
    call("save_draft", 200, body, reference=reference, kind=kind, if_match=call.etag)


def new_object(call: Caller, name: str, tag: str, given: dict[str, Any]) -> int:
    """Something that an address ends with; in `given` the address before it."""
    if tag == "batches":
        return int(call("make_batch", 201, {"numbers": [call.number()], "carrier": "china-mobile"}).id)
    if tag == "cards":
        return int(call("register_card", 201, {"number": call.number(), "carrier": "china-mobile"}).id)
    if tag == "carriers":
        return int(call("note_new_branch", 201, {"name": "营业厅"}, carrier=given["carrier"]).id)
    if tag == "imports":
        return int(call("hand_in_table", 201, body_of(call, "hand_in_table")).id)
    if tag == "case_actions":
        told = call("charge", 200, {"amount": "8.00"}, reference=given["reference"])
        return int(told.charges[0].id)
    if tag == "receipts":
        return int(call("add_receipts", 201, body_of(call, "add_receipts"), reference=given["reference"])[0].id)
    return new_message(call)


def new_message(call: Caller) -> int:
    """An SMS that the worker has read and proposed for a case."""
    state = enum_of(call, "list_messages", "state").PROPOSED
    before = len(call("list_messages", 200, state=state).items)
    number = call.number()
    sms = {"sender": "10086", "text": f"【中国移动】您的号码{number}已成功销户（合成）。", "received_at": NOW}
    assert call("hand_in_message", 202, sms | {"case": call.new_case(number=number)}).outcome == "kept"
    wait_until(lambda: len(call("list_messages", 200, state=state).items) > before, "the worker reads the SMS")
    return int(call("list_messages", 200, state=state).items[0].id)


def body_of(call: Caller, name: str) -> Any:
    cls = call.body_class(name)
    if name == "hand_in_table":
        return cls(file=call.file("卡.csv", f"号码,运营商\n{call.number()},移动\n".encode()))
    if name == "add_receipts":
        return cls(text="【测试】已受理")
    if name == "bulk_receipts":
        return cls(text="【测试】已受理", references=f"{call.new_case()} {call.new_case()}")
    text = json.dumps(examples.REQUEST_BODIES[name], ensure_ascii=False)
    text = re.sub(r"XK-[2-9A-Z]{8}", lambda _: call.new_case(), text)
    return cls.from_dict(json.loads(re.sub(r'1\d\d ?00\d\d ?\d000"', lambda _: f'{call.number()}"', text)))
