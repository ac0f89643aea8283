"""What arrives: cases opened and corrected, contacts that join, links, what happened before."""
