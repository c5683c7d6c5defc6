"""What maintainers run by hand: pages of docs/ that are made, the check of the workflows."""
