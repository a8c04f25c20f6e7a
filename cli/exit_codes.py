"""The exit codes of `shutten`. A command that a signal stops exits with 128 + its number."""

DONE = 0  # the command answered, or did what it was asked to do
NOT_FOUND = 1  # no answer in the statements, or a quote, claim or check that does not hold
WRONG_INPUT = 2  # a usage error, or an input or data folder that cannot be used
INTERRUPTED = 130  # 128 + SIGINT
