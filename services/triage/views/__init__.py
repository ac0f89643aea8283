"""What a reader is shown: pure, a file for each thing that is shown; nothing is asked of the database."""
