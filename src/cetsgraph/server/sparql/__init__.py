"""What the SPARQL protocol adds to HTTP: requests, forms of answers, the service description."""
