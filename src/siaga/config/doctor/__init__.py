"""The examinations that belong to no room: the machine, the database, the processes, the files."""

from siaga.config.doctor import database, files, processes, system

PARTS = (system, database, files, processes)
"""Importing them registers what they examine."""
