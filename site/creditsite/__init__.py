"""What people see: the public site (DESIGN 5)."""
