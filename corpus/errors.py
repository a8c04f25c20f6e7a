"""The error that is shown to users."""


class ShuttenError(Exception):
    """An error that the user can correct.

    The message is one line. It says what is wrong, where, and what to do. The command line prints
    it without a traceback and exits with status 2.
    """
