"""What is known of a child: what each version of a referral says, and the facts the policy reads from it."""
