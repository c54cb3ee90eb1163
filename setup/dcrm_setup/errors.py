"""What a user is told when something cannot go on."""


class SetupError(Exception):
    """A reason and what to do about it, in one line. Shown without a traceback."""

    def __init__(self, reason: str, code: int = 1):
        super().__init__(" ".join(reason.split()))
        self.code = code
