"""The one exception a person is meant to read."""


class ShuttenError(Exception):
    """Something the user can put right.

    The message is one line: what is wrong, where, and what to do. The command line prints it
    without a traceback and exits with 2.
    """
