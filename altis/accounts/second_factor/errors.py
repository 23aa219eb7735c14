"""Why a second factor is not accepted. The back-office words them; nothing here reaches the REST interface."""


class SecondFactorRefused(Exception):
    """The code is not accepted, or not now."""


class WrongCode(SecondFactorRefused):
    """No code of now, or one that was used before."""


class TooSoon(SecondFactorRefused):
    """Too many wrong codes one after the other: the next is not looked at yet."""


class NotEnrolled(SecondFactorRefused):
    """The user has no authenticator."""
