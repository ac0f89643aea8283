"""Access over HTTP: tokens for systems, sign-in for people, answers for the other services."""
