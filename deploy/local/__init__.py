"""The one-machine deployment: everything the hub needs, started by one command, kept in one folder."""
