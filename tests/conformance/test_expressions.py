"""Expressions mean what they mean to Terraform: types, values, errors and where these are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.conformance.check import _jsonx
from tests.conformance.check.check_expr import judge
from tests.conformance.corpus import CONTEXT, expressions
from tests.conformance.expr_engine import answer, load_context

from mooring.core.codec import dumps

Answered = list[tuple[dict[str, Any], dict[str, Any]]]
VALUES_THAT_AGREE = 1.0
SUMMARIES_THAT_AGREE = 0.995
RANGES_THAT_AGREE = 0.997


@pytest.fixture(scope="module")
def answered() -> Answered:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(CONTEXT)
        scope = load_context(Path())
        return [(case, _jsonx.loads(dumps(answer(case, scope)))) for case in expressions()]


def share(agree: list[bool]) -> float:
    return sum(agree) / len(agree)


def test_values_agree(answered: Answered) -> None:
    verdicts = {case["id"]: judge(case, given) for case, given in answered if case["ok"]}
    assert share([not why for why in verdicts.values()]) >= VALUES_THAT_AGREE, {
        name: why for name, why in verdicts.items() if why
    }


def test_what_terraform_refuses_is_refused(answered: Answered) -> None:
    assert [case["id"] for case, given in answered if not case["ok"] and given["ok"]] == []


def test_summaries_of_errors_agree(answered: Answered) -> None:
    agree = [given.get("error") == case["error"] for case, given in answered if not case["ok"]]
    assert share(agree) >= SUMMARIES_THAT_AGREE


def test_ranges_of_errors_agree(answered: Answered) -> None:
    agree = [given.get("range") == case.get("range") for case, given in answered if not case["ok"]]
    assert share(agree) >= RANGES_THAT_AGREE
