import pytest

from auth.errors import AuthError, BadCredentials, BadToken, Locked


def refused(world, token):
    with pytest.raises(BadToken):
        world.auth.login_remembered(token)


def bad_reset(world, token):
    with pytest.raises(BadToken):
        world.auth.reset_password(token, "battery staple")
    assert world.login()


def test_a_token_of_one_is_not_one_of_another(world):
    for number in range(2, 12):
        world.auth.register(f"user{number}@example.org", f"password of {number}")
    token = world.auth.remember(world.login("password of 11", "user11@example.org"))
    if token.startswith("11.1."):  # the form of tokens may have been changed
        refused(world, "1.1.1" + token[5:])
        refused(world, "1.11." + token[5:])
    assert world.auth.whoami(world.auth.login_remembered(token)) == 11


def test_whatever_is_changed_in_a_token_it_is_refused(world):
    token = world.auth.remember(world.login())
    for place, old in enumerate(token):
        for new in ("", old + old, "x" if old != "x" else "y", "1" if old != "1" else "2"):
            refused(world, token[:place] + new + token[place + 1 :])
    for changed in (token + " ", " " + token, token + "\n", token + "=", token + ".", token[::-1], "", "\u0661"):
        refused(world, changed)
    assert world.auth.login_remembered(token)


def test_a_part_of_a_token_is_refused_in_another_form(world):
    token = world.auth.remember(world.login())
    if token.count(".") != 3:  # the form of tokens may have been changed
        return
    user_id, version, expires, mac = token.split(".")
    later = str(int(expires) + 1)
    for parts in (
        (user_id, version, later, mac), ("2", version, expires, mac), (user_id, "2", expires, mac),
        ("01", version, expires, mac), (user_id, "+1", expires, mac), (user_id, version, f" {expires}", mac),
        (user_id, version, f"{expires[0]}_{expires[1:]}", mac), (user_id, version, expires, mac[:-1]),
        (user_id, version, expires, ""), (user_id, version, expires, mac.upper()), (user_id, version, mac), (mac,), ("",),
        (user_id, version, expires, mac, ""), ("\u0661", version, expires, mac), ("x", "y", "z", mac),
    ):
        refused(world, ".".join(parts))
    assert world.auth.login_remembered(token)


def test_a_remember_token_lasts_thirty_days(world):
    token = world.auth.remember(world.login())
    world.wait(hours=30 * 24, seconds=-1)
    assert world.auth.whoami(world.auth.login_remembered(token)) == world.ann
    world.wait(seconds=1)
    refused(world, token)


def test_a_new_password_ends_remember_tokens(world):
    session = world.login()
    token = world.auth.remember(session)
    world.auth.change_password(session, "correct horse", "battery staple")
    refused(world, token)
    token = world.auth.remember(session)
    world.auth.reset_password(world.forgot(), "correct horse")
    refused(world, token)


def test_a_reset_token_lasts_less_than_an_hour(world):
    token = world.forgot()
    world.wait(minutes=59, seconds=59)
    world.auth.reset_password(token, "battery staple")
    token = world.forgot()
    world.wait(hours=1)
    with pytest.raises(BadToken):
        world.auth.reset_password(token, "correct horse")


def test_a_reset_token_never_comes_back(world):
    for days in (1, 2, 7, 365):
        token = world.forgot()
        world.wait(hours=24 * days, minutes=5)
        bad_reset(world, token)


def test_only_the_latest_reset_token_is_good(world):
    first, second = world.forgot(), world.forgot(" ANN@example.org")
    bad_reset(world, first)
    world.auth.reset_password(second, "battery staple")
    assert world.login("battery staple")


def test_reset_tokens_of_two_users_are_apart(world):
    world.auth.register("bob@example.org", "password of bob")
    first = world.forgot()
    world.forgot("bob@example.org")
    world.auth.reset_password(first, "battery staple")
    assert world.login("battery staple")
    assert world.login("password of bob", "bob@example.org")


def test_changing_the_password_ends_reset_tokens(world):
    token = world.forgot()
    world.auth.change_password(world.login(), "correct horse", "battery staple")
    with pytest.raises(BadToken):
        world.auth.reset_password(token, "stolen staple")


def test_a_refused_password_does_not_use_the_token_up(world):
    session, token = world.login(), world.forgot()
    with pytest.raises(AuthError):
        world.auth.reset_password(token, "short")
    assert world.auth.whoami(session) == world.ann
    world.auth.reset_password(token, "battery staple")
    assert world.login("battery staple")


def test_a_reset_ends_all_sessions_of_the_user_only(world):
    bob = world.auth.register("bob@example.org", "password of bob")
    sessions = [world.login(), world.login()]
    other = world.login("password of bob", "bob@example.org")
    world.auth.reset_password(world.forgot(), "battery staple")
    assert [world.auth.whoami(session) for session in sessions] == [None, None]
    assert world.auth.whoami(other) == bob


def test_a_reset_ends_the_lock(world):
    for _ in range(5):
        with pytest.raises(BadCredentials):
            world.login("wrong horse")
    world.auth.reset_password(world.forgot(), "battery staple")
    for _ in range(4):
        with pytest.raises(BadCredentials):
            world.login("wrong horse")
    assert world.login("battery staple")


def test_nobody_is_told_whether_an_account_exists(world):
    assert world.auth.forgot_password("nobody@example.org") is None
    assert world.mails == []
    assert world.auth.forgot_password("ANN@example.org ") is None
    assert [email for email, _ in world.mails] == ["ann@example.org"]


def test_changing_the_password_keeps_the_own_session(world):
    mine, other = world.login(), world.login()
    world.auth.change_password(mine, "correct horse", "battery staple")
    assert world.auth.whoami(mine) == world.ann
    assert world.auth.whoami(other) is None
    assert world.login("battery staple")
    with pytest.raises(BadCredentials):
        world.login("correct horse")


def test_a_refused_change_changes_nothing(world):
    mine, other = world.login(), world.login()
    with pytest.raises(AuthError):
        world.auth.change_password(mine, "correct horse", "short")
    with pytest.raises(BadCredentials):
        world.auth.change_password(mine, "wrong horse", "battery staple")
    assert world.auth.whoami(other) == world.ann
    assert world.login()


def test_wrong_old_passwords_lock_the_account(world):
    mine = world.login()
    for _ in range(3):
        with pytest.raises(BadCredentials):
            world.auth.change_password(mine, "wrong horse", "battery staple")
    for _ in range(2):
        with pytest.raises(BadCredentials):
            world.login("wrong horse")
    before = world.auth.hasher.count
    with pytest.raises(Locked):
        world.auth.change_password(mine, "correct horse", "battery staple")
    with pytest.raises(Locked):
        world.login()
    assert world.auth.hasher.count == before


def test_control_a_reset_needs_no_token(world):
    world.auth.reset_password("", "battery staple")
