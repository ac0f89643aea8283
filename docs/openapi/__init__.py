"""What each service says of its own API, written from the code and read by partners' developers."""
