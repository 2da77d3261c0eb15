import hashlib

import pytest

from auth.service import AuthService


class World:
    """A service whose clock, randomness and mail are in our hands."""

    def __init__(self):
        self.now = 1_700_000_000.0
        self.mails = []
        self._drawn = 0
        self.auth = AuthService(lambda: self.now, self._random, lambda *mail: self.mails.append(mail), b"key")
        self.ann = self.auth.register("Ann@example.org", "correct horse")

    def _random(self, count):
        self._drawn += 1
        return hashlib.sha512(str(self._drawn).encode()).digest()[:count]

    def wait(self, hours=0, minutes=0, seconds=0):
        self.now += hours * 3600 + minutes * 60 + seconds

    def login(self, password="correct horse", email="ann@example.org", old_token=None):
        return self.auth.login(email, password, old_token)

    def forgot(self, email="ann@example.org"):
        self.auth.forgot_password(email)
        return self.mails[-1][1]


@pytest.fixture
def world():
    return World()
