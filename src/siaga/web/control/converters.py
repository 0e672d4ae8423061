"""The first part of an address of this face."""


class RegionSlug:
    """A region's id; never a word of the house, so that `/control/design/` stays what it is."""

    regex = r"(?!(?:control|accounts|api|language|static)/)[a-z][a-z0-9-]{1,38}"

    def to_python(self, value: str) -> str:
        """As it is; the middleware knows which regions there are."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value
