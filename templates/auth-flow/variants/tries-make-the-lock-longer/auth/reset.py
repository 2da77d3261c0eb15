"""Forgotten passwords: a token by e-mail, good for one new password."""

import hashlib

LIFETIME = 3600


def _digest(token):
    return hashlib.sha256(token.encode()).hexdigest()


class Resets:
    def __init__(self, clock, new_token):
        self._clock = clock
        self._new_token = new_token
        self._rows = {}  # digest of the token -> (user id, when it was made)

    def make(self, user_id):
        """The only token of the user from here on."""
        self.forget(user_id)
        token = self._new_token()
        self._rows[_digest(token)] = (user_id, self._clock())
        return token

    def user(self, token):
        """The user of a token; None when it is worth nothing."""
        user_id, made = self._rows.get(_digest(token), (None, None))
        if made is None or self._clock() - made >= LIFETIME:
            return None
        return user_id

    def forget(self, user_id):
        """Make the token of a user worthless."""
        self._rows = {digest: row for digest, row in self._rows.items() if row[0] != user_id}
