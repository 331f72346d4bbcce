"""Who is told what happened, by mail."""
