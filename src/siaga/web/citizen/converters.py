"""The first part of an address that names a region."""

from siaga.regions import queries


class RegionConverter:
    """Matches the id of an active region and nothing else, so that other pages keep their names."""

    regex = "[a-z][a-z0-9-]{1,38}"

    def to_python(self, value: str) -> str:
        """The id; ValueError lets the next pattern try."""
        if value not in queries.region_ids():
            raise ValueError
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value
