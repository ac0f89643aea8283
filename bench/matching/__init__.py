"""How well and how fast the hub finds who somebody is, beside what others reach on the same rows."""
