"""What every service stands on; none of it knows what a referral is."""
