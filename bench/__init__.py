"""The hub's figures, each measured beside its yardstick in the same run: absolute times mean nothing here."""
