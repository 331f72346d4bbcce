"""Two consultations on real texts, to look around in."""
