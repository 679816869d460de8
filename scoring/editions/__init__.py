"""What are the rules? Editions: read, checked, and met with an enterprise's circumstances."""
