"""Get Asterisk, espeak-ng and SIPp for the tests, once; without them the tests skip themselves."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Always 0: where nothing can be fetched, the tests say so by being skipped."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "siaga.config.testing")
    from django.conf import settings

    from siaga.telephony.asterisk.errors import PackagesUnavailable
    from siaga.telephony.asterisk.installation import provide_asterisk, provide_program
    from siaga.telephony.asterisk.packages import TOOLS

    home = settings.SIAGA_HOME / "phone"
    try:
        major, minor = provide_asterisk(home, print).version
        provide_program("espeak-ng", home, print)
        provide_program("sipp", home, print, TOOLS)
    except PackagesUnavailable as unavailable:
        print(unavailable.message)
    else:
        print(f"Asterisk {major}.{minor}, espeak-ng and SIPp are here")
    return 0


if __name__ == "__main__":
    sys.exit(main())
