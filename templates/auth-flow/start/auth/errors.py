"""What a call may be refused with."""


class AuthError(Exception):
    """Base of all refusals."""


class BadCredentials(AuthError):
    """E-mail address or password is wrong; which of them is not said."""


class Locked(AuthError):
    """Too many failures; try again later."""


class BadToken(AuthError):
    """A token is unknown, used, expired or forged."""
