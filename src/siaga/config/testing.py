"""Settings for the tests: a data folder of their own, never the centre's.

The tests make databases of their own beside the ordinary one; see tests/conftest.py.
"""

import os
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[3]
os.environ.setdefault("SIAGA_HOME", str(_PROJECT / ".cache" / "test-home"))
# Fetched once, wherever the data folder is; only tests of the telephone start it.
os.environ.setdefault("SIAGA_PHONE_PACKAGES", str(_PROJECT / ".cache" / "phone"))
os.environ.setdefault("SIAGA_NO_PHONE", "1")
os.environ.setdefault("SIAGA_SECRET_KEY", "for-tests-only-" + "0123456789abcdef" * 4)

from siaga.config.settings import *  # noqa: E402, F403 - the environment comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SIAGA_TESTING = True
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - whitenoise warns otherwise
