"""What is kept: SQL lives here and nowhere else, each query in the `.sql` file beside its module."""
