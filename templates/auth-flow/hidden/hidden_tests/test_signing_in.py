import pytest

from auth.errors import AuthError, BadCredentials, BadToken, Locked


def fail(world, times, email="ann@example.org"):
    for _ in range(times):
        with pytest.raises(BadCredentials):
            world.login("wrong horse", email)


def test_the_lock_is_of_the_account_however_it_is_written(world):
    for email in ("ann@example.org", "ANN@example.org", " ann@Example.org", "Ann@example.ORG ", "aNN@example.org"):
        fail(world, 1, email)
    for email in ("ann@example.org", "aNn@example.org"):
        with pytest.raises(Locked):
            world.login(email=email)


def test_failures_are_forgotten_however_the_address_is_written(world):
    fail(world, 4)
    world.login(email="ANN@EXAMPLE.ORG")
    fail(world, 4)
    assert world.login()


def test_an_unknown_address_is_refused_like_a_known_one(world):
    world.auth.register("bob@example.org", "password of bob")
    hashed = []
    for email in ("bob@example.org", "nobody@example.org"):
        before = world.auth.hasher.count
        fail(world, 5, email)
        hashed.append(world.auth.hasher.count - before)
        with pytest.raises(Locked):
            world.login(email=email)
    assert hashed[0] == hashed[1] == 5


def test_a_locked_account_hashes_nothing(world):
    fail(world, 5)
    before = world.auth.hasher.count
    for password in ("correct horse", "wrong horse"):
        with pytest.raises(Locked):
            world.login(password)
    assert world.auth.hasher.count == before


def test_tries_do_not_make_the_lock_longer(world):
    fail(world, 5)
    for _ in range(14):
        world.wait(minutes=1)
        with pytest.raises(Locked):
            world.login("wrong horse")
    world.wait(seconds=59)
    with pytest.raises(Locked):
        world.login()
    world.wait(seconds=1)
    fail(world, 4)
    assert world.login()


def test_the_lock_is_counted_from_the_fifth_failure(world):
    for _ in range(5):
        fail(world, 1)
        world.wait(minutes=2)
    world.wait(minutes=12, seconds=59)
    with pytest.raises(Locked):
        world.login()
    world.wait(seconds=1)
    assert world.login()


def test_slow_failures_do_not_lock(world):
    for _ in range(12):
        fail(world, 1)
        world.wait(minutes=4)
    assert world.login()


def test_the_lock_of_one_is_not_that_of_another(world):
    world.auth.register("bob@example.org", "password of bob")
    fail(world, 5, "bob@example.org")
    assert world.login()


def test_every_sign_in_has_a_new_token(world):
    first = world.login()
    second = world.login(old_token=first)
    assert second != first
    assert world.auth.whoami(first) is None
    assert world.auth.whoami(second) == world.ann


def test_signing_in_ends_the_session_of_another_in_this_browser(world):
    bob = world.auth.register("bob@example.org", "password of bob")
    planted = world.login()
    token = world.login("password of bob", "bob@example.org", planted)
    assert token != planted
    assert world.auth.whoami(planted) is None
    assert world.auth.whoami(token) == bob


def test_a_remembered_browser_gets_a_new_token(world):
    first = world.login()
    remembered = world.auth.remember(first)
    second = world.auth.login_remembered(remembered, first)
    assert second != first
    assert world.auth.whoami(first) is None


def test_a_made_up_token_is_not_taken_over(world):
    token = world.login(old_token="chosen-by-a-thief")
    assert token != "chosen-by-a-thief"
    assert world.auth.whoami("chosen-by-a-thief") is None


def test_a_refused_sign_in_ends_nothing(world):
    token = world.login()
    with pytest.raises(BadCredentials):
        world.login("wrong horse", old_token=token)
    with pytest.raises(BadToken):
        world.auth.login_remembered("1.1.1999999999.00", token)
    assert world.auth.whoami(token) == world.ann


def test_a_session_ends_after_twelve_hours_of_use(world):
    token = world.login()
    for _ in range(35):
        world.wait(minutes=20)
        assert world.auth.whoami(token) == world.ann
    world.wait(minutes=19, seconds=59)
    assert world.auth.whoami(token) == world.ann
    world.wait(seconds=1)
    assert world.auth.whoami(token) is None


def test_twelve_hours_hold_for_all_that_takes_a_session(world):
    token = world.login()
    for _ in range(36):
        world.auth.whoami(token)
        world.wait(minutes=20)
    with pytest.raises(BadToken):
        world.auth.remember(token)
    with pytest.raises(BadToken):
        world.auth.change_password(token, "correct horse", "battery staple")
    assert world.login()


def test_a_session_is_over_at_exactly_half_an_hour(world):
    token = world.login()
    world.wait(minutes=29, seconds=59)
    assert world.auth.whoami(token) == world.ann
    world.wait(minutes=30)
    assert world.auth.whoami(token) is None


def test_eight_characters_are_enough(world):
    with pytest.raises(AuthError):
        world.auth.register("bob@example.org", "1234567")
    assert world.auth.register("bob@example.org", "12345678") == 2


def test_an_address_has_one_account(world):
    with pytest.raises(AuthError):
        world.auth.register(" ANN@example.org", "password of bob")
    assert world.login()


def test_control_any_password_signs_in(world):
    assert world.login("wrong horse")
