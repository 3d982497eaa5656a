"""The exchange with the institutions: inquiries out and replies in, over one register."""

from __future__ import annotations

from dataclasses import dataclass

from serving.desk.exchange_reach import ExchangeReach
from serving.desk.inbox import Inbox
from serving.desk.outbox import Outbox
from serving.desk.register import Register
from serving.desk.scope import Scope
from serving.exchange.inquiry import Inquiry
from serving.exchange.layout import read_layouts
from serving.exchange.number import office_digits
from serving.exchange.request import request_rows
from serving.office.correspondence import Addressing
from serving.records.entry import Clock
from serving.records.identity import Identity
from serving.records.journal import Journal
from serving.settings import Settings


@dataclass(frozen=True)
class Exchange:
    """What is sent and what comes back."""

    office: Addressing
    register: Register
    outbox: Outbox
    inbox: Inbox
    settings: Settings
    reach: ExchangeReach

    def name_of(self, kind: str, code: str) -> str:
        """Return the name of a target, its code where the list has none."""
        return self.office.directory().get((kind, code), code)

    def request(self, items: tuple[Inquiry, ...], restricted: bool) -> list[tuple[str, ...]]:
        """Return the header and rows of a request file for inquiries to one institution."""
        first = items[0]
        name = self.name_of(first.target_kind, first.target_code)
        companies = self.office.correspondence.companies
        return request_rows(items, name, self.settings.inquiry_months, restricted, companies)


def open_exchange(
    office: Addressing,
    journal: Journal,
    clock: Clock,
    settings: Settings,
    identity: Identity,
    *,
    scope: Scope | None = None,
) -> Exchange:
    """Put the exchange of one office together. The office's own layouts are in ``layouts`` of its home.

    ``scope``: whose cases somebody sees; None (at the terminal): everybody's.
    """
    register = Register(journal, office_digits(office.correspondence.code))
    reach = ExchangeReach(scope)
    return Exchange(
        office,
        register,
        Outbox(office, journal, register, clock, identity.staff_id_of, reach=reach),
        Inbox(office, journal, register, clock, lambda: read_layouts(settings.home / "layouts"), reach=reach),
        settings,
        reach,
    )
