"""What is told to whom: the feed, the words, the webhooks."""
