"""Every query of intake, a file for each thing it keeps."""
