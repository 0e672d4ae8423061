"""Call-taking guides and notices to citizens: what to ask, what to say, how urgent it is."""
