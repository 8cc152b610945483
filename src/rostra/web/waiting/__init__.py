"""What waits for approval: the queue of those who moderate, and what authors see of their own."""
