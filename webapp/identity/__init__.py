"""Who somebody is: passwords, secrets, open sign-ins, and where to go after signing in."""
