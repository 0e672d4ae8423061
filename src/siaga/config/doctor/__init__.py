"""The examinations that belong to no room: the machine, the database, the processes, the files,
the profiles."""

from siaga.config.doctor import database, files, processes, profiles, system

PARTS = (system, database, files, profiles, processes)
"""Importing them registers what they examine."""
