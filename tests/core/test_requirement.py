"""Requirements and sessions as data: what can be said of them without the rest of the project."""

import pytest

from upheld.core.requirement import Session

pytestmark = pytest.mark.upheld("REQ-LNT-001.c1")


@pytest.mark.parametrize(
    ("attendees", "joint", "sentence"),
    [
        ({"product": ("ada",), "engineering": ("bo",)}, True, "product and engineering make a session joint"),
        ({"product": ("ada",), "customer": ("cy",)}, False, "without engineering it is not"),
        ({"engineering": ("bo",), "customer": ("cy",)}, False, "without product it is not"),
        ({"product": ("ada",), "engineering": ()}, False, "a function without a person was not there"),
        ({"product": (), "engineering": ("bo",)}, False, "product as well"),
        ({}, False, "nobody is not joint"),
    ],
)
def test_a_session_is_joint_when_product_and_engineering_took_part(attendees, joint, sentence):
    assert Session(id="S-1", attendees=attendees).joint is joint
