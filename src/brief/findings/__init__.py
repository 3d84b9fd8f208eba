"""What is found in the comments and told of the data: the only room that passes over comments."""
