"""Who is told what, in the transaction in which it happens."""

from . import debate, moderation, outcomes, steps

__all__ = ["debate", "moderation", "outcomes", "steps"]
