"""Count tokens, price prompts, keep token budgets. No network unless a command is about the network."""

__version__ = "0.1.0"
