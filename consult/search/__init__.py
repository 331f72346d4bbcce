"""Full-text search over drafts, comments, replies and answers; listens to the rooms below and only reads them."""
