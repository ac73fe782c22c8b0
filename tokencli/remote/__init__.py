"""Counts made by the providers themselves: their endpoints, what is sent to them, and what they answered before.

Nothing here runs unless a person asks for it by an option. Only `client` knows httpx, only `store` SQLite.
"""
