"""PostgreSQL: dumps and copies of whole clusters, each with the programs of the server's own version."""
