"""The lock: too many failures for one account in a short time."""

LIMIT = 5
WINDOW = 15 * 60
LOCK = 15 * 60


class Throttle:
    def __init__(self, clock):
        self._clock = clock
        self._failures = {}  # account -> times of failures
        self._locked_until = {}

    def locked(self, account):
        if self._clock() >= self._locked_until.get(account, 0):
            return False
        self._locked_until[account] = self._clock() + LOCK
        return True

    def failed(self, account):
        now = self._clock()
        times = [time for time in self._failures.get(account, []) if time > now - WINDOW] + [now]
        self._failures[account] = times
        if len(times) >= LIMIT:
            self._locked_until[account] = now + LOCK
            self._failures[account] = []

    def succeeded(self, account):
        self._failures.pop(account, None)

    def unlock(self, account):
        self._failures.pop(account, None)
        self._locked_until.pop(account, None)
