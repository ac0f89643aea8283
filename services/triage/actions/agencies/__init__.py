"""Agencies are asked, reminded and asked again; what they answer and how they grade."""
