"""Engines: libraries that compute what the core only describes, one module each; nobody else imports them."""
