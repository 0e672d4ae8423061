"""Fitting a journal that was loaded from a dump into the cluster it was loaded into.

The feed and the sealer order entries by the transaction that wrote them. A dump keeps those
numbers, but a new cluster counts from the beginning: old entries would seem to lie in the future,
and new ones before them. The numbers of the old entries are therefore lowered; what is sealed stays
before what is not, and nothing that the hash chain covers is touched.
"""

from django.db import connection, transaction

from siaga.kernel.tenancy import ALL_REGIONS, acting_in

# Below every number that a transaction of a user can have.
_SEALED_XID, _UNSEALED_XID = 3, 4
_IS_AHEAD = """
SELECT EXISTS (
    SELECT 1 FROM journal_entry WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())
)
"""
_LOWER = """
UPDATE journal_entry e
SET xid = CASE
    WHEN EXISTS (SELECT 1 FROM journal_seal s WHERE s.entry_id = e.id) THEN %s::text::xid8
    ELSE %s::text::xid8
END
"""


def fit_into_this_cluster() -> bool:
    """Lower the numbers if they lie ahead of this cluster's; True when that was needed.

    For `siaga setup`, as the owner of the tables, while nothing else writes.
    """
    with acting_in(ALL_REGIONS), connection.cursor() as cursor:
        cursor.execute(_IS_AHEAD)
        if not cursor.fetchone()[0]:
            return False
        # The one exception to "never changed", and only the owner can make it.
        with transaction.atomic():
            cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER append_only")
            cursor.execute(_LOWER, [str(_SEALED_XID), str(_UNSEALED_XID)])
            cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER append_only")
        return True
