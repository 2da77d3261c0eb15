"""Passwords at rest: salted PBKDF2."""

import hashlib
import hmac

ROUNDS = 1000  # kept low so that tests are quick; the real service sets it


class Hasher:
    def __init__(self, random_bytes):
        self._random_bytes = random_bytes
        self.count = 0  # how often a password was hashed

    def _digest(self, password, salt):
        self.count += 1
        return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ROUNDS)

    def make(self, password):
        salt = self._random_bytes(16)
        return salt + self._digest(password, salt)

    def matches(self, password, stored):
        return hmac.compare_digest(self._digest(password, stored[:16]), stored[16:])
