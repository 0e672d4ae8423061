"""The centre's own voice: sentences recorded by a person go before those that are spoken for us."""
