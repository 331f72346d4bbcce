"""Who is told what, in the transaction in which it happens."""

from . import accounts, debate, moderation, outcomes, steps

__all__ = ["accounts", "debate", "moderation", "outcomes", "steps"]
