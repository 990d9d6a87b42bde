"""How each framework does it: the adapters, and what is known of them."""
