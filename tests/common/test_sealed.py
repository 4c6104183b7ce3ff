"""A sealed answer opens for its value and for no other, and a value is digested once for all it is tried against."""

import hashlib

import pytest

from common.cases.sealed import opens, seal


@pytest.mark.parametrize("value", [212, 0, -3, 0.111, "same", True, (27, 27, 96)])
def test_it_opens_for_its_value_alone(value):
    sealed = seal(value, "slides/field")
    assert opens(sealed, value)
    assert not any(opens(sealed, other) for other in (211, 0.12, "valid", (27, 27)))


def test_a_value_is_digested_once_however_many_answers_it_is_tried_against(monkeypatch):
    answers = [seal(number, "ledger/memory") for number in range(900, 920)]
    slow, asked = hashlib.scrypt, []

    def counted(text, **settings):
        asked.append(text)
        return slow(text, **settings)

    monkeypatch.setattr(hashlib, "scrypt", counted)
    assert not any(opens(sealed, 1234567) for sealed in answers)
    assert len(asked) == 1
