"""The entrance: home, about, health."""
