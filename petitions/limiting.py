"""Counting requests against the limits of a view: flask-limiter's, on a shorter way.

The library puts the limits of a view together anew for each request: those of the site, of blueprints, of what is exempt, each
read from its words. Ours stand at the views and never change, so they are read once.
"""

from __future__ import annotations

from functools import cache

from flask import request
from flask_limiter import Limiter, RequestLimit
from flask_limiter._limits import RuntimeLimit
from flask_limiter.errors import RateLimitExceeded

from petitions.origins import household_of, readable


def origin() -> str:
    """Whom a flood is counted against: one IPv4 address, or the /64 that one IPv6 household has at least."""
    address = readable(request.remote_addr)
    return household_of(address) if address else "unknown"


class ViewLimiter(Limiter):
    """Limits only views that say so: there are no limits of the whole site, so nothing is looked up before every view."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if in_middleware or not self.enabled:
            return
        if not self._storage_dead:
            try:
                return self._count(callable_name or "")
            except RateLimitExceeded:
                raise
            except Exception:
                # What the store said when it broke is of any kind. The library asks it again, and knows what to do without.
                self.logger.debug("the store of limits failed", exc_info=True)
        super()._check_request_limit(callable_name, in_middleware)

    def _count(self, view: str) -> None:
        for each in _limits_of(self, view):
            if each.method_exempt or each.is_exempt:
                continue
            counted = [each.key_func(), each.scope_for(request.endpoint or "", request.method)]
            if each.deduct_when:
                self.context.conditional_deductions[each] = counted
                is_free = self.limiter.test(each.limit, *counted)
            else:
                is_free = self.limiter.hit(each.limit, *counted)
            if not is_free:
                self.context.view_rate_limit = RequestLimit(self, each.limit, counted, True, each.shared)
                raise RateLimitExceeded(each)


@cache
def _limits_of(limiter: Limiter, view: str) -> list[RuntimeLimit]:
    return sorted(limiter.limit_manager.decorated_limits(view), key=lambda each: each.limit)
