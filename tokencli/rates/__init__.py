"""Rate cards: read, checked, looked up, priced."""
