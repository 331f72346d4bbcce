"""A consultation of any size for measurements: made up, the same each time, with everything that pages count."""
