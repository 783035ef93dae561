"""The OpenAPI document and the page that reads it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from riskalloc.methodology import load
from tests.api.calculator import ASSESS, BODIES, post
from tests.api.test_assess import WORKED

INLINE = re.compile(r"<style|\sstyle\s*=|\son[a-z]+\s*=|<script\b(?![^>]*\bsrc=)", re.IGNORECASE)


@pytest.fixture
def document() -> dict[str, Any]:
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    return response.json()


def values(tree: Any, key: str) -> Iterator[Any]:
    """Every value under a key, anywhere in a tree."""
    if isinstance(tree, dict):
        if key in tree:
            yield tree[key]
        tree = list(tree.values())
    if isinstance(tree, list):
        for branch in tree:
            yield from values(branch, key)


def test_the_document_names_every_operation(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(document["paths"]) == [f"/api/v1/{operation}" for operation in BODIES]
    for path in document["paths"].values():
        assert list(path) == ["post"]
        assert set(path["post"]["responses"]) == {"200", "413", "422", "429"}
        assert path["post"]["requestBody"]["required"]


def test_every_reference_of_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(values(document, "$ref"))
    assert "#/components/schemas/TenAnswers" in references
    for reference in references:
        place = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def test_its_examples_are_the_worked_example(document: dict[str, Any]) -> None:
    for operation, sent in BODIES.items():
        described = document["paths"][f"/api/v1/{operation}"]["post"]
        content = described["requestBody"]["content"]["application/json"]
        assert json.dumps(content["example"]) == json.dumps(sent)
        answer = described["responses"]["200"]["content"]["application/json"]["example"]
        assert answer == post(operation, sent).json()
        if operation == "assess":
            assert answer["classes"] == WORKED["classes"]


def test_decimals_are_documented_as_text_with_a_pattern(document: dict[str, Any]) -> None:
    text, number = document["components"]["schemas"]["AssessRequest"]["properties"]["amount"][
        "anyOf"
    ]
    assert text["type"] == "string"
    assert re.search(text["pattern"], "25000.00")
    assert not re.search(text["pattern"], "1e5")
    assert number == {"type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000_000}


def test_names_and_their_number_are_documented(document: dict[str, Any]) -> None:
    values = document["components"]["schemas"]["PlanRequest"]["properties"]["values"]
    assert values["maxProperties"] == 500
    assert values["propertyNames"] == {"minLength": 1, "maxLength": 64}
    text, number = values["additionalProperties"]["anyOf"]
    assert re.search(text["pattern"], "70000.0000000001")
    assert number["minimum"] == 0
    flow = document["components"]["schemas"]["DriftRequest"]["properties"]["cash_flow"]
    assert flow["anyOf"][1]["minimum"] == -(10**15)


def test_codes_are_documented_as_those_of_the_questionnaire(document: dict[str, Any]) -> None:
    questionnaire = load("v1").questionnaire
    described = document["components"]["schemas"]["TenAnswers"]["properties"]
    for name in ("drop_reaction", "trade_off", "past_behaviour", "max_loss", "job_security"):
        field = questionnaire.field(name)
        assert described[name]["enum"] == [choice.code for choice in field.choices]
        assert described[name]["description"] == field.label


def test_only_what_may_be_left_out_is_optional(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["AssessRequest"]["required"] == ["answers", "amount"]
    assert schemas["AllocateRequest"]["required"] == ["rti", "iss", "amount"]
    assert set(schemas["TenAnswers"]["required"]) == set(ASSESS["answers"])
    optional = set(schemas["Answer"]["properties"]) - set(schemas["Answer"]["required"])
    assert optional == {"reserved"}
    assert schemas["DriftRequest"]["required"] == ["values", "target"]
    assert schemas["PlanRequest"]["required"] == ["values", "target", "kind"]
    assert schemas["SharesRequest"]["required"] == ["prices", "target", "held", "cash"]
    for name in ("DriftAnswer", "RowAnswer", "PlanAnswer", "SharesAnswer"):
        assert set(schemas[name]["properties"]) == set(schemas[name]["required"])
    closed = ("AssessRequest", "AllocateRequest", "TenAnswers", "EmergencyFund", "DriftRequest")
    for name in (*closed, "PlanRequest", "SharesRequest", "BandRequest"):
        assert schemas[name]["additionalProperties"] is False


def test_the_page_has_nothing_inline_and_asks_no_other_host() -> None:
    response = Client().get("/api/v1/docs")
    html = response.content.decode()
    assert response.status_code == 200
    assert INLINE.search(html) is None
    assert "//" not in html
    assert 'data-document="/api/v1/openapi.json"' in html
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["docs", "openapi.json"])
def test_the_documentation_is_only_read(path: str) -> None:
    assert Client().post(f"/api/v1/{path}").status_code == 405
