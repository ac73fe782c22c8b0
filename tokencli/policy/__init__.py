"""The policy of a repository at one revision: found, read, checked; compared with another; its files written."""

from tokencli.policy.compare import added_values, compare
from tokencli.policy.files import baseline_text, lock_text
from tokencli.policy.load import load

__all__ = ["added_values", "baseline_text", "compare", "load", "lock_text"]
