"""What every staff page shares."""
