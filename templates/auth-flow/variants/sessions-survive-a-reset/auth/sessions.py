"""Sessions: a token in the browser, a row here."""

from dataclasses import dataclass

IDLE = 30 * 60
LONGEST = 12 * 3600


@dataclass
class Session:
    user_id: int
    started: float
    expires: float


class Sessions:
    def __init__(self, clock, new_token):
        self._clock = clock
        self._new_token = new_token
        self._rows = {}  # token -> Session

    def start(self, user_id, old_token=None):
        """A session for the user; one that the browser already has is ended."""
        now = self._clock()
        self.end(old_token)
        token = self._new_token()
        self._rows[token] = Session(user_id, now, now + IDLE)
        return token

    def touch(self, token):
        """The user of a session, whose idle time begins anew; None when it is over."""
        now = self._clock()
        session = self._rows.get(token)
        if session is None:
            return None
        if now >= session.expires:
            del self._rows[token]
            return None
        session.expires = min(now + IDLE, session.started + LONGEST)
        return session.user_id

    def end(self, token):
        self._rows.pop(token, None)

    def end_all(self, user_id, but=None):
        """End the sessions of a user, all but one."""
        for token in [token for token, session in self._rows.items() if session.user_id == user_id]:
            if token != but:
                del self._rows[token]
