"""The edge as `siaga edge` runs it, on whatever port is free."""

import os

os.environ["SIAGA_EDGE_ONLY"] = "1"

import django

django.setup()

from siaga.config.serve_process import serve_everything
from siaga.kernel.observability import logs

if __name__ == "__main__":
    logs.configure("edge")
    serve_everything("127.0.0.1", 0)
