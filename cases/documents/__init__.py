"""What leaves the product as a paper: letters, dossiers."""
