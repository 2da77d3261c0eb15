"""Remembered browsers: a signed token that starts a session without a password. Nothing is stored for it."""

import hashlib
import hmac

LIFETIME = 30 * 24 * 3600


class Remember:
    def __init__(self, clock, key):
        self._clock = clock
        self._key = key

    def _mac(self, text):
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def make(self, user_id, version):
        """A token for a user; `version` counts how often the user's password has been set."""
        expires = int(self._clock()) + LIFETIME
        text = f"{user_id}.{version}.{expires}"
        return f"{text}.{self._mac(text)}"

    def user(self, token, version_of):
        """The user of a token, None when it is worth nothing. version_of(user_id) is None for nobody."""
        text, _, mac = token.rpartition(".")
        if not hmac.compare_digest(mac.encode(), self._mac(text).encode()):
            return None
        user_id, version, expires = map(int, text.split("."))
        if version != version_of(user_id) or self._clock() >= expires:
            return None
        return user_id
