"""Who is calling, and where to: credentials, tokens, the origins they may go to."""
