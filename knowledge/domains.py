"""Publishers' domains: their normal form, and what a collection's rules say of an address."""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from knowledge.errors import InvalidDomain, PublisherBlocked
from knowledge.models import DomainPolicy

_LONGEST = 253
"""Characters of a host name (RFC 1035)."""
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class DomainRule:
    """A domain that is allowed or blocked, with all below it."""

    domain: str
    policy: DomainPolicy


def normal_domain(typed: str) -> str:
    """The ASCII form of a domain, or of an address's, without "www.": a name of two labels or more, or an IPv4 address.

    Raises `InvalidDomain`.
    """
    try:
        host = (urlsplit(typed.strip()).hostname or "") if "://" in typed else typed.strip().strip("/")
        labels = _ascii(host).split(".")
        name = ".".join(labels[labels[0] == "www" and len(labels) > 2 :])
        is_name = len(labels) > 1 and len(name) <= _LONGEST and all(map(_LABEL.fullmatch, labels))
        if not is_name:
            raise InvalidDomain(typed)
        if labels[-1].isdecimal():
            ipaddress.IPv4Address(name)
    except ValueError as error:  # malformed addresses, labels that IDNA refuses
        raise InvalidDomain(typed) from error
    return name


def require_wanted(url: str, rules: Iterable[DomainRule]) -> None:
    """Raises `PublisherBlocked` where rules block the site of an address, or allow others alone."""
    held = {rule.domain: rule.policy for rule in rules}
    if not held:
        return
    host = host_of(url)
    policies = {domain: held[domain] for domain in _with_parents(host) if domain in held}
    for domain, policy in policies.items():
        if policy is DomainPolicy.BLOCK:
            raise PublisherBlocked(domain)
    if not policies and DomainPolicy.ALLOW in held.values():
        raise PublisherBlocked(host)


def host_of(url: str) -> str:
    """The site of an address in normal form, as near to it as the name allows; "" for a file."""
    host = urlsplit(url).hostname or ""
    try:
        return normal_domain(unquote(host))  # browsers read %65 as "e", so rules must
    except InvalidDomain:
        return host.rstrip(".").casefold()


def _ascii(host: str) -> str:
    """A host as it goes over the wire. Raises `ValueError`."""
    return host.casefold().encode("idna").decode("ascii").rstrip(".").lower()


def _with_parents(host: str) -> Iterator[str]:
    """A host and the domains above it, the host itself first."""
    labels = host.split(".")
    for start in range(len(labels)):
        yield ".".join(labels[start:])
