"""What can be found: deliveries in, the index over the register, search (DESIGN 4)."""
