"""What is kept about people: the inventory of it, copies for them, erasure, and what fades by itself."""
