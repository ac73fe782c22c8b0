"""Count tokens, price prompts, keep token budgets. No network unless a command is about the network."""

__version__ = "0.1.0"


def count(text: str, encoding: str = "o200k_base") -> int:
    """Tokens of a text, special-token text counted as ordinary text; TokError for an unknown encoding."""
    from tokencli.encoders import load

    return load(encoding).count(text)
