"""The edge as `siaga edge` runs it, on whatever port is free."""

import os
from importlib import import_module

import django

if __name__ == "__main__":
    os.environ["SIAGA_EDGE_ONLY"] = "1"
    django.setup()
    import_module("siaga.kernel.observability.logs").configure("edge")
    import_module("siaga.config.serve_process").serve_everything("127.0.0.1", 0)
