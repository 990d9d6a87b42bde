"""Running claims on targets: trying, blaming, recording, and the pytest plugin."""
