"""The process that `siaga bench` starts, with Django set up for the stand's database."""

import sys

from benches import harness

sys.exit(harness.main(sys.argv[1:]))
