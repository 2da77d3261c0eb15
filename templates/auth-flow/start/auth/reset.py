"""Forgotten passwords: a token by e-mail, good for one new password."""

import hashlib
from datetime import datetime, timezone

LIFETIME = 3600


def _digest(token):
    return hashlib.sha256(token.encode()).hexdigest()


class Resets:
    def __init__(self, clock, new_token):
        self._clock = clock
        self._new_token = new_token
        self._rows = {}  # digest of the token -> (user id, when it was made)

    def _now(self):
        return datetime.fromtimestamp(self._clock(), timezone.utc)

    def make(self, user_id):
        token = self._new_token()
        self._rows[_digest(token)] = (user_id, self._now())
        return token

    def take(self, token):
        """The user of a token, which is used up by this; None when it is worth nothing."""
        user_id, made = self._rows.pop(_digest(token), (None, None))
        if made is None or (self._now() - made).seconds >= LIFETIME:
            return None
        return user_id
