"""Commands that end with the thread that gave them, however it went."""

import shutil


def bound_to_us() -> list[str]:
    """Words before a command that end it when the thread that started it is gone."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
