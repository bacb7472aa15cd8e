"""The edges: sockets, the HTTP library, standard output."""
