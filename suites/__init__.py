"""How each framework says it: the adapters, what is known of them, and running claims on them."""
