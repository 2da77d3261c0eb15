import json

import pytest
from service import Answer

GOOD = {"name": "Drill", "category": "power", "deposit_cents": 2500}


def refused(answer, status, code, field=None):
    error = answer.body["error"]
    assert (answer.status, error["code"], error.get("field")) == (status, code, field)
    assert isinstance(error["message"], str)
    assert answer.headers["Content-Type"].split(";")[0] == "application/json"


def test_control_a_tool_nobody_made_is_there(service):
    assert service.ask("GET", "/tools/123456789").status == 200


def test_a_tool_is_made(service):
    made = service.ask("POST", "/tools", GOOD)
    assert made.status == 201
    assert made.body == {"id": made.body["id"], **GOOD, "available": True, "version": 1}
    assert made.headers["Location"] == "/tools/%d" % made.body["id"]
    assert made.headers["ETag"] == '"1"'
    assert made.headers["Content-Type"].split(";")[0] == "application/json"


def test_ids_count_up(service, tool):
    assert tool()["id"] + 1 == tool()["id"]


def test_a_tool_is_found(service, tool):
    one = tool(name="Ladder")
    found = service.ask("GET", "/tools/%d" % one["id"])
    assert (found.status, found.body, found.headers["ETag"]) == (200, one, '"1"')


def test_the_connection_is_kept(service, tool):
    connection = service.connect()
    service.ask("GET", "/tools/99999", connection=connection)
    socket = connection.sock
    assert socket is not None
    service.ask("POST", "/tools", {}, connection=connection)
    service.ask("GET", "/tools", connection=connection)
    assert connection.sock is socket
    connection.close()


@pytest.mark.parametrize("name, kept", [("  Saw ", "Saw"), ("x" * 80, "x" * 80), ("\u00e4" * 80, "\u00e4" * 80),
                                        (" " * 9 + "y" * 80, "y" * 80), ("a  b", "a  b")])
def test_names_are_kept_without_blanks_around(tool, name, kept):
    assert tool(name=name)["name"] == kept


@pytest.mark.parametrize("field, value", [
    ("name", ""), ("name", "   "), ("name", "x" * 81), ("name", 7), ("name", None), ("name", ["a"]),
    ("category", "kitchen"), ("category", "Hand"), ("category", None), ("category", ["hand"]),
    ("category", {}), ("deposit_cents", -1), ("deposit_cents", 100001), ("deposit_cents", "5"),
    ("deposit_cents", 1.5), ("deposit_cents", True), ("deposit_cents", None), ("color", "red"),
    ("id", 4), ("version", 1), ("available", True)])
def test_a_field_that_is_wrong_is_named(service, field, value):
    refused(service.ask("POST", "/tools", {**GOOD, field: value}), 422, "invalid", field)


@pytest.mark.parametrize("value", [0, 100000])
def test_the_bounds_of_a_deposit_are_in_it(tool, value):
    assert tool(deposit_cents=value)["deposit_cents"] == value


def test_of_several_wrong_fields_the_first_in_the_alphabet(service):
    refused(service.ask("POST", "/tools", {"name": "", "zebra": 1, "deposit_cents": -1}), 422,
            "invalid", "category")
    refused(service.ask("POST", "/tools", {**GOOD, "name": "", "apple": 1}), 422, "invalid", "apple")
    refused(service.ask("POST", "/tools", {}), 422, "invalid", "category")


def test_what_was_refused_takes_no_id(service, tool):
    before = tool()["id"]
    service.ask("POST", "/tools", {**GOOD, "name": ""})
    assert tool()["id"] == before + 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"null", b'"x"', b"\xff\xfe", b'{"a":1} x'])
def test_a_body_that_is_no_object(service, body):
    refused(service.ask("POST", "/tools", body), 400, "invalid_json")


def test_deep_nesting_is_no_500(service):
    answer = service.ask("POST", "/tools", b'{"name":' + b"[" * 30000 + b"]" * 30000 + b"}")
    assert answer.status in (400, 422)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "json"])
def test_another_content_type(service, kind):
    refused(service.ask("POST", "/tools", GOOD, {"Content-Type": kind}), 415, "unsupported_media_type")


def test_no_content_type(service):
    service.connection.request("POST", "/tools", json.dumps(GOOD).encode())
    refused(Answer(service.connection.getresponse()), 415, "unsupported_media_type")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
def test_a_content_type_written_otherwise(service, kind):
    assert service.ask("POST", "/tools", GOOD, {"Content-Type": kind}).status == 201


def test_a_body_that_is_too_large(service):
    body = json.dumps(GOOD).encode()
    refused(service.ask("POST", "/tools", body + b" " * (65537 - len(body))), 413, "too_large")
    assert service.ask("POST", "/tools", body + b" " * (65536 - len(body))).status == 201
    refused(service.ask("POST", "/tools", b"x" * 200000, {"Content-Type": "text/plain"}), 413, "too_large")
    assert service.ask("GET", "/tools").status == 200


@pytest.mark.parametrize("path", ["/", "/tool", "/tools/", "/tools/abc", "/tools/0", "/tools/-1", "/tools/1x",
                                  "/tools/99999999999999999999", "/tools/1/name", "/health"])
def test_what_is_nowhere(service, tool, path):
    tool()
    refused(service.ask("GET", path), 404, "not_found")


def test_404_goes_before_all_else(service):
    refused(service.ask("PATCH", "/tools/99999", b"{", {"Content-Type": "text/plain"}), 404, "not_found")
    refused(service.ask("PUT", "/tools/99999"), 404, "not_found")
    refused(service.ask("POST", "/loans/99999"), 404, "not_found")


@pytest.mark.parametrize("method, path, allowed", [
    ("PUT", "/tools", {"GET", "POST"}), ("DELETE", "/tools", {"GET", "POST"}),
    ("POST", "/tools/1", {"GET", "PATCH", "DELETE"}), ("PUT", "/tools/1", {"GET", "PATCH", "DELETE"})])
def test_other_methods(service, tool, method, path, allowed):
    tool()
    answer = service.ask(method, path, b"{" if method != "DELETE" else None)
    refused(answer, 405, "method_not_allowed")
    named = {name.strip() for name in answer.headers["Allow"].split(",")}
    assert named - {"HEAD", "OPTIONS"} == allowed


def test_a_change(service, tool):
    one = tool()
    path = "/tools/%d" % one["id"]
    changed = service.ask("PATCH", path, {"deposit_cents": 9, "name": " New "}, {"If-Match": '"1"'})
    assert changed.status == 200
    assert changed.body == {**one, "deposit_cents": 9, "name": "New", "version": 2}
    assert changed.headers["ETag"] == '"2"'
    found = service.ask("GET", path)
    assert (found.body, found.headers["ETag"]) == (changed.body, '"2"')


def test_a_change_needs_what_it_knows(service, tool):
    path = "/tools/%d" % tool()["id"]
    refused(service.ask("PATCH", path, {"name": "A"}), 428, "precondition_required")
    refused(service.ask("PATCH", path, {"name": "A"}, {"If-Match": '"2"'}), 412, "precondition_failed")
    assert service.ask("PATCH", path, {"name": "A"}, {"If-Match": '"1"'}).status == 200
    refused(service.ask("PATCH", path, {"name": "B"}, {"If-Match": '"1"'}), 412, "precondition_failed")
    assert service.ask("GET", path).body["name"] == "A"


def test_the_precondition_goes_before_the_body(service, tool):
    path = "/tools/%d" % tool()["id"]
    refused(service.ask("PATCH", path, b"{"), 428, "precondition_required")
    refused(service.ask("PATCH", path, b"{", {"If-Match": '"7"'}), 412, "precondition_failed")
    refused(service.ask("PATCH", path, b"{", {"If-Match": '"1"'}), 400, "invalid_json")


def test_a_change_that_is_wrong_changes_nothing(service, tool):
    one = tool()
    path = "/tools/%d" % one["id"]
    refused(service.ask("PATCH", path, {}, {"If-Match": '"1"'}), 422, "invalid", "name")
    refused(service.ask("PATCH", path, {"name": "New", "deposit_cents": -1}, {"If-Match": '"1"'}), 422,
            "invalid", "deposit_cents")
    refused(service.ask("PATCH", path, {"name": None}, {"If-Match": '"1"'}), 422, "invalid", "name")
    refused(service.ask("PATCH", path, {"id": 3}, {"If-Match": '"1"'}), 422, "invalid", "id")
    assert service.ask("GET", path).body == one


def test_a_tool_is_deleted(service, tool):
    one = tool()
    path = "/tools/%d" % one["id"]
    gone = service.ask("DELETE", path)
    assert (gone.status, gone.text) == (204, b"")
    refused(service.ask("GET", path), 404, "not_found")
    refused(service.ask("DELETE", path), 404, "not_found")
    assert tool()["id"] > one["id"]


def test_an_id_never_comes_again(service, tool):
    last = tool()["id"]
    service.ask("DELETE", "/tools/%d" % last)
    assert tool()["id"] == last + 1
