"""How thoroughly a run looks, and where it keeps the examples that failed."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

#: Examples that Hypothesis draws for each claim, in addition to the fixed ones.
EXAMPLES = {"quick": 2, "default": 50, "ci": 40, "deep": 1000}


class NoDatabase(Exception):
    """Examples cannot be kept in that place; the message says why."""


def register(database: ExampleDatabase | None = None) -> None:
    """Registers the profiles; `ci` draws the same examples each time and keeps none.

    database: where the other profiles keep failing examples; by default, in `.hypothesis`.
    """
    kept = database or settings.get_profile("default").database
    for name, examples in EXAMPLES.items():
        settings.register_profile(
            name,
            max_examples=examples,
            deadline=None,
            derandomize=name == "ci",
            database=None if name == "ci" else kept,
            print_blob=False,
        )
    settings.load_profile("default")


def database(place: str) -> ExampleDatabase:
    """The database of examples in a folder or, for redis://HOST, on a Redis server.

    Raises NoDatabase if it cannot be used.
    """
    if not place.startswith(("redis://", "rediss://")):
        return DirectoryBasedExampleDatabase(place)
    try:
        import redis
        from hypothesis.extra.redis import RedisExampleDatabase
    except ImportError as error:
        raise NoDatabase(f"{error}; `pip install redis`") from error
    server: Any = redis.Redis.from_url(place)
    try:
        server.ping()
    except redis.RedisError as error:
        raise NoDatabase(f"{error}; is the server running?") from error
    return RedisExampleDatabase(server, key_prefix=b"paramlaws:")
