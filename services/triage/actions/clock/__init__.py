"""What falls due and is found by the clock: timers, breaches, drift, targets, Red children."""
