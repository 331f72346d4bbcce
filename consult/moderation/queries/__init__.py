"""Everything read about moderation: the things decided on, the moderators' desk, the public log."""
