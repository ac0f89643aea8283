"""Invented households with a history, and how agencies write of them: data on which matching can be measured.

Nobody here lives or has lived: names are drawn from lists, places and postcodes do not exist, NHS numbers
start with 999. The same seed makes the same files.
"""
