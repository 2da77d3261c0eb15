import pytest

from auth.errors import BadCredentials, BadToken, Locked


def test_sign_in_and_out(world):
    token = world.login()
    assert world.auth.whoami(token) == world.ann
    world.auth.logout(token)
    assert world.auth.whoami(token) is None


def test_a_session_ends_after_half_an_hour_without_use(world):
    token = world.login()
    world.wait(minutes=29)
    assert world.auth.whoami(token) == world.ann
    world.wait(minutes=30)
    assert world.auth.whoami(token) is None


def test_five_failures_lock(world):
    for _ in range(5):
        with pytest.raises(BadCredentials):
            world.login("wrong horse")
    with pytest.raises(Locked):
        world.login()
    world.wait(minutes=15)
    assert world.login()


def test_a_used_reset_token_is_worth_nothing(world):
    token = world.forgot()
    world.auth.reset_password(token, "battery staple")
    with pytest.raises(BadToken):
        world.auth.reset_password(token, "another staple")


def test_a_remembered_browser_signs_in(world):
    token = world.auth.remember(world.login())
    assert world.auth.whoami(world.auth.login_remembered(token)) == world.ann


def test_a_reset_ends_the_sessions(world):
    token = world.login()
    world.auth.reset_password(world.forgot(), "battery staple")
    assert world.auth.whoami(token) is None


def test_a_reset_token_is_worth_nothing_on_the_next_day(world):
    token = world.forgot()
    world.wait(hours=24, minutes=5)
    with pytest.raises(BadToken):
        world.auth.reset_password(token, "battery staple")
