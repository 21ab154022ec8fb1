"""yfinance as a new process would find it."""


def forget_yfinance() -> None:
    """Drop what yfinance keeps for the life of a process: session, cookie, crumb and its open caches."""
    from yfinance import cache
    from yfinance.data import SingletonMeta

    SingletonMeta._instances.clear()
    for manager in (cache._TzDBManager, cache._CookieDBManager, cache._ISINDBManager):
        manager.close_db()
        manager._db = None
    cache._TzCacheManager._tz_cache = None
    cache._CookieCacheManager._Cookie_cache = None
    cache._ISINCacheManager._isin_cache = None
