"""No route without a row in the table, no row without a route, no route without a permit."""

from docs.openapi.write import applications
from tests.permissions.applications import permit_of, routes
from tests.permissions.table import OPEN, TABLE


def test_no_route_is_missing_from_the_table() -> None:
    assert set(routes()) == {row.key for row in TABLE}


def test_every_route_says_in_its_signature_who_may_call_it() -> None:
    assert {key for key in routes() if permit_of(key) is None} == set(OPEN)


def test_nothing_under_v1_or_internal_is_open() -> None:
    assert [key for key in OPEN if "/v1/" in key[1] or "/internal/" in key[1]] == []


def test_no_two_rows_say_the_same() -> None:
    assert len({str(row) for row in TABLE}) == len(TABLE)


def test_every_status_of_the_table_stands_in_the_description() -> None:
    described = {service: app.openapi()["paths"] for service, app in applications(demo=True).items()}
    missing = set()
    for row in TABLE:
        method, path = row.route.split(" ")
        operation = described[row.service].get(path, {}).get(method.lower())
        if operation is not None:
            answers = {str(row.expected(mark)) for _, mark in row.cells()}
            missing |= {(str(row), status) for status in answers - set(operation["responses"])}
    assert missing == set()
