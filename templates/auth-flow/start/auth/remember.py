"""Remembered browsers: a signed token that starts a session without a password. Nothing is stored for it."""

import hashlib
import hmac

LIFETIME = 30 * 24 * 3600


class Remember:
    def __init__(self, clock, key):
        self._clock = clock
        self._key = key

    def _mac(self, user_id, version, expires):
        return hmac.new(self._key, f"{user_id}{version}{expires}".encode(), hashlib.sha256).hexdigest()

    def make(self, user_id, version):
        """A token for a user; `version` counts how often the user's password has been set."""
        expires = int(self._clock()) + LIFETIME
        return f"{user_id}.{version}.{expires}.{self._mac(user_id, version, expires)}"

    def user(self, token, version_of):
        """The user of a token, None when it is worth nothing. version_of(user_id) is None for nobody."""
        try:
            user_id, version, expires, mac = token.split(".")
            user_id, version, expires = int(user_id), int(version), int(expires)
        except ValueError:
            return None
        if not hmac.compare_digest(mac.encode(), self._mac(user_id, version, expires).encode()):
            return None
        if version != version_of(user_id) or self._clock() >= expires:
            return None
        return user_id
