"""Everything public as Atom feeds, and its dates as one calendar."""
