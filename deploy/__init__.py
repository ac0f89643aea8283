"""Ways to run the hub; the code of the hub itself never imports from here."""
