"""The one-machine deployment: its servers, its processes, and what becomes of them in a crash."""
