"""The service: what the web pages call."""

from dataclasses import dataclass

from auth.errors import AuthError, BadCredentials, BadToken, Locked
from auth.passwords import Hasher
from auth.remember import Remember
from auth.reset import Resets
from auth.sessions import Sessions
from auth.throttle import Throttle

SHORTEST_PASSWORD = 8


@dataclass
class User:
    id: int
    email: str
    stored: bytes
    version: int = 1  # how often the password has been set


def normal(email):
    """An e-mail address as it is compared: Ann@Example.org is ann@example.org."""
    return email.strip().lower()


class AuthService:
    """clock() gives seconds; random_bytes(n) n bytes; send_mail(email, token) sends a reset token; key signs."""

    def __init__(self, clock, random_bytes, send_mail, key):
        self._send_mail = send_mail
        self.hasher = Hasher(random_bytes)
        self._nobody = self.hasher.make("a password that nobody has")
        self._users = {}  # id -> User
        self._by_email = {}  # normal e-mail address -> User
        self._throttle = Throttle(clock)
        self._sessions = Sessions(clock, lambda: random_bytes(16).hex())
        self._remember = Remember(clock, key)
        self._resets = Resets(clock, lambda: random_bytes(16).hex())

    def register(self, email, password):
        """The id of a new user: 1, 2, 3 and so on."""
        if normal(email) in self._by_email:
            raise AuthError("this address has an account")
        self._check_new(password)
        user = User(len(self._users) + 1, normal(email), self.hasher.make(password))
        self._users[user.id] = self._by_email[user.email] = user
        return user.id

    def login(self, email, password, old_token=None):
        """A token of a new session. old_token is the one that the browser sent along."""
        user = self._check_password(normal(email), password)
        return self._sessions.start(user.id, old_token)

    def logout(self, token):
        self._sessions.end(token)

    def whoami(self, token):
        """The id of the user of a session, or None."""
        return self._sessions.touch(token)

    def remember(self, token):
        """A token that stands for the password in this browser."""
        user = self._signed_in(token)
        return self._remember.make(user.id, user.version)

    def login_remembered(self, remember_token, old_token=None):
        """A token of a new session."""
        user_id = self._remember.user(remember_token, self._version)
        if user_id is None:
            raise BadToken("not a token")
        return self._sessions.start(user_id, old_token)

    def change_password(self, token, password, new_password):
        """The session that does it goes on, all others of the user end."""
        user = self._signed_in(token)
        self._check_password(user.email, password)
        self._set_password(user, new_password)
        self._sessions.end_all(user.id, but=token)

    def forgot_password(self, email):
        """Send a token if there is such an account; the caller is not told."""
        user = self._by_email.get(normal(email))
        if user:
            self._send_mail(user.email, self._resets.make(user.id))

    def reset_password(self, reset_token, new_password):
        """Set a password by a token that came by e-mail."""
        user_id = self._resets.user(reset_token)
        if user_id is None:
            raise BadToken("not a token")
        user = self._users[user_id]
        self._set_password(user, new_password)
        self._sessions.end_all(user_id)
        self._throttle.unlock(user.email)

    def _check_password(self, email, password):
        """The user of an address in normal form, if this is the password."""
        if self._throttle.locked(email):
            raise Locked("too many failures")
        user = self._by_email.get(email)
        if not self.hasher.matches(password, user.stored if user else self._nobody) or not user:
            self._throttle.failed(email)
            raise BadCredentials("wrong e-mail address or password")
        self._throttle.succeeded(email)
        return user

    def _version(self, user_id):
        user = self._users.get(user_id)
        return user.version if user else None

    def _signed_in(self, token):
        user_id = self._sessions.touch(token)
        if user_id is None:
            raise BadToken("no session")
        return self._users[user_id]

    def _check_new(self, password):
        if len(password) < SHORTEST_PASSWORD:
            raise AuthError("the password is too short")

    def _set_password(self, user, password):
        self._check_new(password)
        user.stored = self.hasher.make(password)
        user.version += 1
        self._resets.forget(user.id)
