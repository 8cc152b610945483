"""What waits for approval, and why: posts and edits nobody sees until somebody has looked."""
