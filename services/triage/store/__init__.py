"""Every query of triage, a file for each thing that is looked for."""
