"""The OpenAPI document: complete, with every answer that is a problem and an example of each; its pages stand alone."""

import re
from collections import Counter
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel

from cases.api import examples
from cases.api.schemas.published_names import PUBLISHED_NAMES
from cases.operations import Action


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    return dict(Client().get("/api/v1/openapi.json", headers={"Accept-Language": "zh"}).json())


def operations(contract: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path.removeprefix('/api/v1/')}": operation
        for path, methods in contract["paths"].items()
        for method, operation in methods.items()
    }


def statuses(operation: dict[str, Any]) -> str:
    return " ".join(sorted(map(str, operation["responses"])))


@pytest.mark.django_db
def test_which_answers_can_come(contract: dict[str, Any]) -> None:
    by_name = {name: statuses(operation) for name, operation in operations(contract).items()}
    assert by_name["GET me"] == "200 401 429"
    assert by_name["GET cases"] == "200 400 401 403 404 422 429"
    assert by_name["POST cases/search"] == "200 400 401 403 404 413 415 422 429"
    assert by_name["GET cases/{reference}"] == "200 304 400 401 403 404 422 429"
    assert by_name["POST cases"] == "201 400 401 403 404 409 413 415 422 429"
    assert by_name["POST cases/{reference}/reply"] == "200 400 401 403 404 409 412 413 415 422 428 429"
    assert by_name["POST cases/{reference}/follow-up"] == "200 400 401 403 404 409 412 413 415 422 429"
    assert by_name["GET cases/{reference}/receipts/{pk}"] == "200 206 401 404 410 416 422 429"
    assert by_name["GET cases/{reference}/dossier"] == "200 400 401 403 404 422 429"
    assert by_name["GET tables/cases"] == "200 400 401 403 404 422 429"
    letter = "cases/{reference}/letters/{kind}"
    assert by_name[f"GET {letter}"] == "200 304 401 403 404 422 429"
    assert by_name[f"PUT {letter}"] == "200 400 401 403 404 409 412 413 415 422 428 429"
    assert by_name[f"GET {letter}/preview"] == "200 401 403 404 422 429"
    assert by_name["POST imports"] == "201 400 401 403 409 413 415 422 429"
    assert by_name["GET imports/{pk}/failed"] == "200 401 403 404 422 429"
    assert by_name["DELETE carriers/{carrier}/branches/{pk}"] == "204 401 403 404 409 422 429"
    assert {f"POST cases/{{reference}}/{action.value}" for action in Action} <= set(by_name)


@pytest.mark.django_db
def test_the_document_is_valid(contract: dict[str, Any]) -> None:
    """By the specification, examples and defaults included; generators refuse it otherwise."""
    errors = [f"{list(error.path)}: {error.message}" for error in OpenAPIV31SpecValidator(contract).iter_errors()]
    assert errors == []
    named = [
        parameter["name"]
        for operation in operations(contract).values()
        for parameter in operation["parameters"]
        if parameter.get("example") is not None or parameter.get("examples") is not None
    ]
    assert "references" in named


@pytest.mark.django_db
def test_where_it_is_served_and_what_it_is_called(settings: Any) -> None:
    settings.SITE_URL = "https://xiaoka.example"
    document = Client().get("/api/v1/openapi.json").json()
    assert document["servers"] == [{"url": "https://xiaoka.example"}]
    assert (document["info"]["title"], document["info"]["license"]["identifier"]) == ("Xiaoka", "MIT")
    assert {tag["name"] for tag in document["tags"]} >= {"cases", "cards", "imports", "case actions"}


@pytest.mark.django_db
def test_whatever_is_sent_is_bounded(contract: dict[str, Any]) -> None:
    """Arrays in number, texts in length, objects in fields; forms are measured as a whole (test_limits.py)."""

    def unbounded(schema: dict[str, Any], path: str) -> list[str]:
        if "$ref" in schema:
            return unbounded(contract["components"]["schemas"][schema["$ref"].rpartition("/")[2]], path)
        if parts := schema.get("anyOf") or schema.get("allOf"):
            return [found for part in parts for found in unbounded(part, path)]
        if "enum" in schema or "const" in schema or schema.get("format") in ("date", "date-time", "binary"):
            return []
        if schema["type"] == "array":
            return [*([] if "maxItems" in schema else [path]), *unbounded(schema["items"], f"{path}[]")]
        if schema["type"] == "string":
            return [] if "maxLength" in schema or "pattern" in schema else [path]
        if schema["type"] == "object":
            is_open = schema.get("additionalProperties", False) is not False and "maxProperties" not in schema
            fields = schema.get("properties", {}).items()
            below = [found for name, part in fields for found in unbounded(part, f"{path}.{name}")]
            return [path, *below] if is_open else below
        assert schema["type"] in ("integer", "number", "boolean", "null"), path
        return []

    found = []
    for name, operation in operations(contract).items():
        if sent := operation.get("requestBody", {}).get("content", {}).get("application/json"):
            found += unbounded(sent["schema"], name)
        for parameter in operation["parameters"]:
            if parameter["in"] == "query":
                found += unbounded(parameter["schema"], f"{name} ?{parameter['name']}")
    assert found == []


@pytest.mark.django_db
def test_what_is_left_out_of_a_change_has_no_default(contract: dict[str, Any]) -> None:
    """A generated client sends defaults along: it would clear what it was to leave as it is."""
    change = contract["components"]["schemas"]["CardChange"]["properties"]
    assert {"holder", "plan", "carrier", "custom"} <= set(change)
    assert [name for name, field in change.items() if "default" in field] == []


@pytest.mark.django_db
def test_every_problem_has_an_example(contract: dict[str, Any]) -> None:
    assert contract["openapi"] == "3.1.0"
    assert contract["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for name, response in contract["components"]["responses"].items():
        ((kind, content),) = response["content"].items()
        assert kind == "application/problem+json", name
        (example,) = content["examples"].values()
        assert name == f"Problem{example['value']['status']}"
        detail = example["value"]["detail"]
        assert re.sub("[“”’…]", "", detail).isascii(), detail  # English, whoever asks


@pytest.mark.django_db
def test_what_changes_something_says_how_it_is_done_once(contract: dict[str, Any]) -> None:
    for name, operation in operations(contract).items():
        headers = {one["name"]: one["required"] for one in operation["parameters"] if one["in"] == "header"}
        assert ("Idempotency-Key" in headers) == (name.startswith("POST") and name != "POST cases/search"), name
        assert operation["summary"], name
    verbs = {
        name.rpartition("/")[2]: one for name, one in operations(contract).items() if one["tags"] == ["case actions"]
    }
    needs = {
        verb
        for verb, one in verbs.items()
        if any(header["name"] == "If-Match" and header["required"] for header in one["parameters"])
    }
    assert needs == set(verbs) - {"follow-up", "snooze", "checklist", "charge", "bill", "refund"}


@pytest.mark.django_db
def test_every_body_has_an_example_that_fits(contract: dict[str, Any]) -> None:
    named = set()
    for name, operation in operations(contract).items():
        sent = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if sent is None:
            continue
        named.add(operation["operationId"])
        (example,) = sent["examples"].values()
        assert fits(contract, sent["schema"], example["value"]), name
    assert named == set(examples.REQUEST_BODIES)
    assert fits(contract, {"$ref": "#/components/schemas/CaseTold"}, examples.CASE)


def fits(contract: dict[str, Any], schema: dict[str, Any], value: Any) -> bool:
    return jsonschema_rs.validator_for({**schema, "components": contract["components"]}).is_valid(value)


def test_no_two_shapes_share_a_name(contract: dict[str, Any]) -> None:
    """The contract knows them by their names alone: of two, one would be told for the other."""

    def below(shape: type) -> list[type]:
        return [found for child in shape.__subclasses__() for found in (child, *below(child))]

    named = Counter(shape.__name__ for shape in set(below(BaseModel)) if shape.__module__.startswith("cases.api"))
    assert len(named) > 50
    assert {name for name, times in named.items() if times > 1} == set()


@pytest.mark.django_db
def test_schemas_have_the_names_that_programs_know(contract: dict[str, Any]) -> None:
    schemas = contract["components"]["schemas"]
    assert {"CaseTold", "CasePage", "Timeline", "FailurePage", "Channel", "Problem"} <= set(schemas)
    assert {name: schema["title"] for name, schema in schemas.items()} == {name: name for name in schemas}
    assert set(schemas).isdisjoint(PUBLISHED_NAMES)
    assert len(set(PUBLISHED_NAMES.values())) == len(PUBLISHED_NAMES)


@pytest.mark.django_db
def test_marks_of_endpoints_are_not_published(contract: dict[str, Any]) -> None:
    assert [
        name for name, operation in operations(contract).items() if any(key.startswith("x-") for key in operation)
    ] == []


def test_its_pages_name_no_other_host() -> None:
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    html = page.content.decode()
    assert re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", html) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", html) == []


def test_the_method_of_a_verification_is_no_result(contract: dict[str, Any]) -> None:
    method = contract["components"]["schemas"]["VerifyAsked"]["properties"]["method"]
    assert method["description"] == (
        "The way, not the result: `hotline` a hotline enquiry, `account` the status of the carrier account, "
        "`call` a test call, `count` 一证通查: how many numbers the ID document has."
    )
