import threading

import pytest


def lend(service, tool, member="kim", **headers):
    return service.ask("POST", "/loans", {"tool_id": tool["id"], "member": member},
                       {name.replace("_", "-"): value for name, value in headers.items()})


def bring(service, loan):
    return service.ask("POST", "/loans/%d/return" % loan["id"])


def test_control_what_is_out_is_lent(service, tool):
    one = tool()
    lend(service, one)
    assert lend(service, one).status == 201


def test_a_loan(service, tool):
    one = tool()
    loan = lend(service, one, "kim@example.org")
    assert loan.status == 201
    assert loan.body == {"id": loan.body["id"], "tool_id": one["id"], "member": "kim@example.org",
                         "returned": False}
    assert loan.headers["Location"] == "/loans/%d" % loan.body["id"]
    found = service.ask("GET", loan.headers["Location"])
    assert (found.status, found.body) == (200, loan.body)


def test_what_is_out_is_not_available_and_no_new_version(service, tool):
    one = tool()
    lend(service, one)
    found = service.ask("GET", "/tools/%d" % one["id"])
    assert found.body == {**one, "available": False}
    assert found.headers["ETag"] == '"1"'


def test_what_is_out_can_be_changed(service, tool):
    one = tool()
    lend(service, one)
    changed = service.ask("PATCH", "/tools/%d" % one["id"], {"name": "B"}, {"If-Match": '"1"'})
    assert changed.body == {**one, "name": "B", "available": False, "version": 2}


def test_it_is_lent_once(service, tool):
    one = tool()
    lend(service, one)
    again = lend(service, one, "eve")
    assert (again.status, again.code) == (409, "on_loan")


def test_it_comes_back_and_is_lent_again(service, tool):
    one = tool()
    loan = lend(service, one).body
    back = bring(service, loan)
    assert (back.status, back.body) == (200, {**loan, "returned": True})
    assert service.ask("GET", "/tools/%d" % one["id"]).body == one
    assert lend(service, one).status == 201


def test_it_comes_back_once(service, tool):
    one = tool()
    loan = lend(service, one).body
    bring(service, loan)
    second = lend(service, one).body
    late = bring(service, loan)
    assert (late.status, late.code) == (409, "returned")
    assert service.ask("GET", "/tools/%d" % one["id"]).body["available"] is False
    assert service.ask("GET", "/loans/%d" % second["id"]).body["returned"] is False


def test_what_is_out_cannot_be_deleted(service, tool):
    one = tool()
    loan = lend(service, one).body
    gone = service.ask("DELETE", "/tools/%d" % one["id"])
    assert (gone.status, gone.code) == (409, "on_loan")
    bring(service, loan)
    assert service.ask("DELETE", "/tools/%d" % one["id"]).status == 204
    assert service.ask("GET", "/loans/%d" % loan["id"]).body == {**loan, "returned": True}


def test_no_such_tool(service):
    answer = service.ask("POST", "/loans", {"tool_id": 99999, "member": "kim"})
    assert (answer.status, answer.code, "field" in answer.body["error"]) == (422, "unknown_tool", False)


@pytest.mark.parametrize("body, field", [
    ({"member": "kim"}, "tool_id"), ({"tool_id": 1}, "member"), ({"tool_id": "1", "member": "kim"}, "tool_id"),
    ({"tool_id": True, "member": "kim"}, "tool_id"), ({"tool_id": 1.5, "member": "kim"}, "tool_id"),
    ({"tool_id": 1, "member": ""}, "member"), ({"tool_id": 1, "member": "x" * 81}, "member"),
    ({"tool_id": 1, "member": "kim", "days": 3}, "days"), ({}, "member")])
def test_a_field_that_is_wrong_is_named(service, tool, body, field):
    tool()
    answer = service.ask("POST", "/loans", body)
    assert (answer.status, answer.code, answer.body["error"]["field"]) == (422, "invalid", field)


def test_a_member_is_kept_as_it_is(service, tool):
    assert lend(service, tool(), "  Kim ").body["member"] == "  Kim "


def test_nothing_of_that_id(service):
    for method, path in (("GET", "/loans/99999"), ("POST", "/loans/99999/return"), ("GET", "/loans/0")):
        answer = service.ask(method, path)
        assert (answer.status, answer.code) == (404, "not_found")


def test_other_methods(service, tool):
    loan = lend(service, tool()).body
    answer = service.ask("GET", "/loans/%d/return" % loan["id"])
    assert (answer.status, answer.code, answer.headers["Allow"]) == (405, "method_not_allowed", "POST")


def test_loans_of_a_member(service, tool):
    mine = [lend(service, tool(), "ann+b@example.org").body["id"] for _ in range(3)]
    lend(service, tool(), "bob")
    found = service.ask("GET", "/loans?member=ann%2Bb@example.org")
    assert found.status == 200
    assert [loan["id"] for loan in found.body["items"]] == mine
    assert service.ask("GET", "/loans?member=nobody").body == {"items": []}
    for query in ("", "?member="):
        answer = service.ask("GET", "/loans" + query)
        assert (answer.status, answer.code, answer.body["error"]["field"]) == (422, "invalid", "member")


def test_a_key_lends_once(service, tool):
    one = tool()
    first = lend(service, one, Idempotency_Key="k1")
    again = lend(service, one, Idempotency_Key="k1")
    assert (again.status, again.body, again.headers["Location"]) == \
        (201, first.body, first.headers["Location"])


def test_a_key_answers_the_same_whatever_has_happened(service, tool):
    one = tool()
    first = lend(service, one, Idempotency_Key="k2")
    bring(service, first.body)
    again = lend(service, one, Idempotency_Key="k2")
    assert (again.status, again.body) == (201, first.body)
    assert service.ask("GET", "/tools/%d" % one["id"]).body["available"] is True


def test_a_conflict_is_kept_too(service, tool):
    one = tool()
    loan = lend(service, one).body
    assert lend(service, one, Idempotency_Key="k3").status == 409
    bring(service, loan)
    again = lend(service, one, Idempotency_Key="k3")
    assert (again.status, again.code) == (409, "on_loan")


def test_a_key_with_another_value(service, tool):
    lend(service, tool(), Idempotency_Key="k4")
    other = lend(service, tool(), Idempotency_Key="k4")
    assert (other.status, other.code) == (422, "key_reused")


def test_the_same_value_written_otherwise(service, tool):
    one = tool()
    first = lend(service, one, Idempotency_Key="k5")
    body = b' { "member" : "kim",\n"tool_id": %d}' % one["id"]
    again = service.ask("POST", "/loans", body, {"Idempotency-Key": "k5"})
    assert (again.status, again.body) == (201, first.body)


def test_after_a_mistake_the_key_is_as_new(service, tool):
    wrong = service.ask("POST", "/loans", {"tool_id": 99999, "member": "kim"}, {"Idempotency-Key": "k6"})
    assert wrong.status == 422
    assert lend(service, tool(), Idempotency_Key="k6").status == 201


def together(service, count, ask):
    answers, barrier = [], threading.Barrier(count)

    def one():
        connection = service.connect()
        connection.connect()
        barrier.wait()
        answers.append(ask(connection))
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == count
    return answers


def test_of_many_at_once_one_gets_it(service, tool):
    for _ in range(5):
        one = {"tool_id": tool()["id"], "member": "kim"}
        answers = together(service, 12, lambda connection: service.ask("POST", "/loans", one,
                                                                       connection=connection).status)
        assert sorted(answers) == [201] + [409] * 11


def test_many_with_one_key_at_once_lend_once(service, tool):
    for turn in range(5):
        one = {"tool_id": tool()["id"], "member": "key%d" % turn}
        answers = together(service, 8, lambda connection: service.ask(
            "POST", "/loans", one, {"Idempotency-Key": "many%d" % turn}, connection))
        assert {answer.status for answer in answers} == {201}
        assert len({answer.body["id"] for answer in answers}) == 1
        assert len(service.ask("GET", "/loans?member=key%d" % turn).body["items"]) == 1


def test_many_changes_at_once_lose_none(service, tool):
    one = tool()
    path = "/tools/%d" % one["id"]
    answers = together(service, 10, lambda connection: service.ask(
        "PATCH", path, {"deposit_cents": 7}, {"If-Match": '"1"'}, connection).status)
    assert sorted(answers) == [200] + [412] * 9
    assert service.ask("GET", path).body["version"] == 2
