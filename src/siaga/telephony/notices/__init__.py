"""A known event, told to callers before the queue, and how many it was told to."""
