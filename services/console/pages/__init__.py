"""The pages, one function each: ask the services, show what they said."""
