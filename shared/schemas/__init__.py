"""Plain data that services and partners exchange: Pydantic only, no I/O."""
