"""Schemathesis against the described API: no fault of ours, and nothing that the description does not say."""

from datetime import UTC, datetime

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.server.conftest import PASSWORD, serve
from upheld.core.scope import Grant, Role
from upheld.store.accounts import Accounts
from upheld.store.database import Database

pytestmark = [pytest.mark.upheld("REQ-SRV-002"), pytest.mark.slow]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def test_nothing_that_can_be_sent_breaks_the_server_or_its_description(team, tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'server.db'}")
    database.upgrade()
    roles = [Grant(product="insights", role=role) for role in (Role.PRODUCT, Role.ENGINEERING, Role.AUDITOR)]
    grants = [*roles, Grant(product="", role=Role.ADMINISTRATOR)]
    Accounts(database).create("all", password=PASSWORD, person="lisa", grants=grants, by="t", at=datetime.now(UTC))
    with serve(team, tmp_path, database, UPHELD_RATE="100000", UPHELD_BURST="100000") as served:
        with httpx.Client(base_url=served.address) as client:
            csrf = client.post("/api/v1/session", json={"name": "all", "password": PASSWORD}).json()["csrf"]
            headers = {"cookie": f"upheld={client.cookies['upheld']}", "x-csrf-token": csrf}
        schema = schemathesis.openapi.from_url(f"{served.address}/api/v1/openapi.json")
        tried = 0
        for found in schema.get_all_operations():
            operation = found.ok()
            if (
                operation.path == "/api/v1/session"
                or operation.path.startswith("/sign-")
                or (operation.method.upper() in ("PATCH", "DELETE") and "accounts" in operation.path)
            ):
                continue  # they end or change the very session that we ask with; the access tests try them
            tried += 1

            @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
            @given(case=operation.as_strategy())
            def holds(case):
                if "{product}" in case.path:
                    case.path_parameters["product"] = "insights"
                case.call_and_validate(headers=headers, checks=CHECKS)

            holds()
        assert tried > 20
    database.close()
