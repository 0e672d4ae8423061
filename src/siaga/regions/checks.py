"""Nothing yet; see below."""
