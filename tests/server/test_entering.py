"""Signing in, staying signed in, and being let through a door."""

import pytest

pytestmark = [pytest.mark.upheld("REQ-SRV-001"), pytest.mark.slow]


def test_who_signs_in_sees_the_threads_of_their_product(house):
    answer = house.enter("lisa").get("/api/v1/products/insights/threads")
    assert answer.status_code == 200
    assert [c["criterion"] for c in answer.json()["criteria"]] == ["REQ-LAT-001.c1"]
    assert len(answer.json()["criteria"][0]["customers"]) == 12
    assert answer.json()["commit"] == house.server.products["insights"].known.view.commit


def test_a_customer_sees_their_promise_as_if_they_were_the_only_one(house):
    criterion = house.enter("okafor").get("/api/v1/products/insights/threads").json()["criteria"][0]
    assert criterion["customers"] == ["northbank"]
    assert [s["role"] for s in criterion["agreed"]["signoffs"]] == ["product", "engineering", "customer:northbank"]
    assert "eastcredit" not in str(criterion)


def test_nobody_is_told_to_sign_in(house):
    answer = house.client.get("/api/v1/products/insights/threads")
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


def test_an_answer_that_has_not_changed_is_not_sent_again(house):
    lisa = house.enter("lisa")
    first = lisa.get("/api/v1/products/insights/threads")
    again = lisa.get("/api/v1/products/insights/threads", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
