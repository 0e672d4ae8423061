"""The examinations that belong to no room: the machine, the database, the processes, the files."""

from siaga.config.doctor import system, database, files, processes  # noqa: F401, I001 - their order
