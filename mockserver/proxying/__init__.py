"""The validation proxy: what is said of a request on its way to a server, and of the response on its way back."""
