"""The clients that somebody looks after, chosen, sorted and counted inside the database.

`at_the_desk_of` finds the same people (a test holds the two equal); here they come by the keys of the desks,
so that an advisor with 200 clients waits as long in a table of a million as in one of a thousand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from portfolios.advisors import conditions
from portfolios.advisors.parts import CLIENT_COLUMNS, NOT_JOINED, PARTS, needed_by
from portfolios.models.fixed import MONEY_PLACES
from portfolios.models.standings import DRIFT_PLACES
from questionnaire.models import ClientProfile
from riskalloc.firms.models import AT_THE_DESK, CHANGES_CLIENTS, Membership, Role, Viewer

MORE_PRESSING = "size DESC, due_on IS NULL, due_on, id"  # of two with the same reason
CHANGES, LOOKS = 1, 0  # as what somebody sees a client
BY_DESK = "JOIN questionnaire_assignment a ON a.client_id = c.id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which of the clients: SQL over `client` and the parts, with what it names, and the order."""

    where: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    order: str = "client.name_folded, client.name, client.id"
    archived: bool = False


class Row(NamedTuple):
    """A client with everything that a list says; `holds` are the keys of the conditions."""

    id: UUID
    firm_id: UUID
    name: str
    can_change: bool
    is_archived: bool
    rti: int | None
    label: str
    iss: int | None
    income: str
    result: str
    assessed_at: date | None
    reviewed_on: date | None
    due_on: date | None
    portfolios: int
    value: Decimal | None
    currency: str
    elsewhere: int
    drift: Decimal | None
    largest: Decimal | None
    cash_over: Decimal | None
    oldest_price_on: date | None
    event_on: date | None
    plan_on: date | None
    plan_lines: int
    holds: tuple[str, ...]


class Person(NamedTuple):
    id: UUID
    firm_id: UUID
    name: str
    can_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Whose clients, and as of which day. Built by `book_of`."""

    desks: tuple[Membership, ...]
    own_places: tuple[UUID, ...]  # where this person is a client
    today: date
    # Of a demo practice beside one's own: its clients are out of the book once one's own practice has some.
    demo: Membership | None = None
    is_demo_put_away: bool = False

    @property
    def owned_firms(self) -> list[UUID]:
        return [desk.firm_id for desk in self.desks if desk.role == Role.OWNER]

    @property
    def can_add(self) -> list[Membership]:
        return [desk for desk in self.desks if desk.role in CHANGES_CLIENTS and desk != self.demo]

    # -- Questions -----------------------------------------------------------------------------------------

    def page(self, choice: Choice, *, start: int, count: int) -> tuple[list[UUID], int]:
        """The keys of some of the clients in order, and how many there are in all."""
        sql, values = self._choose("client.id, COUNT(*) OVER ()", choice, order=choice.order)
        sql = f"{sql} LIMIT %(count)s OFFSET %(start)s"
        found = fetch(sql, values | {"count": count, "start": start})
        if found or not start:
            return [key_of(pk) for pk, _ in found], found[0][1] if found else 0
        return [], self.count(choice)

    def count(self, choice: Choice) -> int:
        sql, values = self._choose("COUNT(*)", choice)
        return int(fetch(sql, values)[0][0])

    def keys(self, choice: Choice, most: int) -> list[UUID]:
        sql, values = self._choose("client.id", choice, order=choice.order)
        sql = f"{sql} LIMIT %(count)s"
        return [key_of(pk) for (pk,) in fetch(sql, values | {"count": most})]

    def people(self, keys: Sequence[UUID]) -> list[Person]:
        """Those of the keys that are this person's clients, in their order; nothing is said of others."""
        if not keys:
            return []
        columns = "client.id, client.firm_id, client.name, client.role"
        sql, values = self._choose(columns, Choice(), only=keys)
        found = {
            key_of(pk): Person(key_of(pk), key_of(firm_id), name, role == CHANGES)
            for pk, firm_id, name, role in fetch(sql, values)
        }
        return [found[key] for key in dict.fromkeys(keys) if key in found]

    def rows(self, keys: Sequence[UUID], *, archived: bool = False) -> list[Row]:
        """Everything about these, in their order; keys of others are not there."""
        if not keys:
            return []
        choice = Choice(archived=archived)
        sql, values = self._choose(FULL_SQL, choice, only=keys)
        rows = {row.id: row for row in map(row_of, fetch(sql, values))}
        return [rows[key] for key in keys if key in rows]

    def survey(
        self, columns: Mapping[str, str], most: int
    ) -> tuple[list[tuple[Any, ...]], list[UUID]]:
        """How many clients there are of each kind (rank first, count last), and who is the most urgent.

        First of each reason one, so that none hides behind a more frequent one; then who is next. One query:
        every client is looked at once.
        """
        kind = {"place": conditions.rank_sql(), **columns}
        named = ", ".join(f"{sql} AS {name}" for name, sql in kind.items())
        parts, rated, values = self._query(
            f"client.id AS id, client.review_due_on AS due_on, {conditions.size_sql()} AS size, {named}",
            Choice(),
        )
        listed, nothing = ", ".join(kind), ", ".join(["NULL"] * len(kind))
        found = fetch(
            f"""
            {parts}, rated AS ({rated})
            SELECT id, {nothing}, nth FROM (
                SELECT id, ROW_NUMBER() OVER (ORDER BY nth_of_kind > 1, place, {MORE_PRESSING}) AS nth
                FROM (
                    SELECT id, place, size, due_on, ROW_NUMBER() OVER (
                        PARTITION BY place ORDER BY {MORE_PRESSING}) AS nth_of_kind
                    FROM rated WHERE place < {len(conditions.MORNING)}
                ) few WHERE nth_of_kind <= %(most)s
            ) urgent WHERE nth <= %(most)s
            UNION ALL SELECT NULL, {listed}, COUNT(*) FROM rated GROUP BY {listed}
            """,  # noqa: S608  # names of columns only
            values | {"most": most},
        )
        urgent = sorted((row[-1], key_of(row[0])) for row in found if row[0] is not None)
        return [row[1:] for row in found if row[0] is None], [key for _nth, key in urgent]

    def most_urgent(self, count: int) -> list[Row]:
        """Who needs somebody today: for each reason the most urgent, then who is next."""
        return self.rows(self.survey({}, count)[1])

    def ask(self, sql: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """A query of one's own over `client`."""
        client, own = self._client_sql(Choice(), None)
        return fetch(f"WITH client AS ({client}) {sql}", {**own, **(values or {})})

    # -- How they are asked --------------------------------------------------------------------------------

    def _choose(
        self, columns: str, choice: Choice, only: Sequence[UUID] | None = None, order: str = ""
    ) -> tuple[str, dict[str, Any]]:
        parts, select, values = self._query(columns, choice, only, order)
        return f"{parts} {select}", values

    def _query(
        self, columns: str, choice: Choice, only: Sequence[UUID] | None = None, order: str = ""
    ) -> tuple[str, str, dict[str, Any]]:
        """The parts that are named, and no others, and what is selected from them."""
        client, values = self._client_sql(choice, only)
        parts = needed_by(" ".join([columns, *choice.where, order]))
        ctes = [f"client AS ({client})", *(f"{name} AS ({PARTS[name]()})" for name in parts)]
        joined = [name for name in parts if name not in NOT_JOINED]
        joins = " ".join(f"LEFT JOIN {name} ON {name}.client_id = client.id" for name in joined)
        where = " AND ".join(choice.where) or "1 = 1"
        sorted_by = f" ORDER BY {order}" if order else ""
        # All parts are written in this room; what somebody typed goes along as values.
        select = f"SELECT {columns} FROM client {joins} WHERE {where}{sorted_by}"  # noqa: S608
        values |= conditions.days_around(self.today) | dict(choice.values)
        return f"WITH {', '.join(ctes)}", select, values

    def _client_sql(
        self, choice: Choice, only: Sequence[UUID] | None
    ) -> tuple[str, dict[str, Any]]:
        """Whom this person sees: all of the firms they own, and whoever is assigned to them elsewhere.

        A client is of one firm and somebody has one desk in it: nobody is found twice.
        """
        values: dict[str, Any] = {}
        kept = f"c.archived_at IS {'NOT NULL' if choice.archived else 'NULL'}"
        # SQLite without statistics expects ten clients of a firm and joins the parts in nested loops; of a
        # column with a plus before it, it expects many.
        many = "+" if connection.vendor == "sqlite" and only is None else ""
        if only is not None:
            kept += f" AND c.id IN ({names(values, 'only', only)})"
        branches = []
        if firms := self.owned_firms:
            of_firms = f"{many}c.firm_id IN ({names(values, 'firm', firms)})"
            branches.append(f"{seen_as(CHANGES)} WHERE {of_firms} AND {kept}")
        for role, mark in ((Role.ADVISOR, CHANGES), (Role.READER, LOOKS)):
            desks = [desk.pk for desk in self.desks if desk.role == role]
            if not desks:
                continue
            of_others = kept
            if mark == LOOKS and self.own_places:  # a reader is not their own client
                own = names(values, "own", self.own_places)
                of_others += f" AND (c.membership_id IS NULL OR c.membership_id NOT IN ({own}))"
            assigned = f"{many}a.membership_id IN ({names(values, role.value, desks)})"
            branches.append(f"{seen_as(mark)} {BY_DESK} WHERE {assigned} AND {of_others}")
        return " UNION ALL ".join(branches) or f"{seen_as(LOOKS)} WHERE 1 = 0", values


def book_of(user: Viewer, today: date | None = None) -> Book:
    """One query: the desks at which a person sits, and where they are a client; with a demo beside, two."""
    mine: list[Membership] = []
    if user.is_authenticated and user.is_active:
        mine = list(
            Membership.objects.filter(user=user).select_related("firm").order_by("firm__name", "pk")
        )
    desks = [one for one in mine if one.role in AT_THE_DESK]
    demo = next((one for one in desks if one.firm.is_demo and one.role == Role.OWNER), None)
    others = [one for one in desks if one != demo]
    if not others:  # all that there is is a demo
        demo = None
    is_put_away = demo is not None and has_clients(others)
    return Book(
        desks=tuple(others if is_put_away else [*others, demo] if demo else desks),
        own_places=tuple(one.pk for one in mine if one.role == Role.CLIENT),
        today=today or timezone.localdate(),
        demo=demo,
        is_demo_put_away=is_put_away,
    )


def has_clients(desks: Iterable[Membership]) -> bool:
    firms = [desk.firm_id for desk in desks]
    return ClientProfile.objects.filter(firm__in=firms).exists()


# -- Rows -------------------------------------------------------------------------------------------------

FLAGS = ", ".join(
    f"CASE WHEN {one.sql} THEN 1 ELSE 0 END AS {one.key}" for one in conditions.CONDITIONS
)
FULL_SQL = f"""
    client.id, client.firm_id, client.name, client.role, client.archived_at,
    latest.rti, latest.label, latest.iss, latest.income, latest.public_id, latest.created_at,
    reviewed.held_on, client.review_due_on,
    owned.portfolios, owned.total, owned.own, owned.low_currency, owned.high_currency,
    client.currency, owned.elsewhere, owned.drift, owned.largest, cash.over, owned.oldest_price_on,
    events.recorded_at, plans.made_at, plans.lines, {FLAGS}
"""
SINGLE = 27  # columns before the flags


def row_of(found: Sequence[Any]) -> Row:
    (
        pk, firm_id, name, role, archived_at, rti, label, iss, income, result, assessed_at, held_on,
        due_on, portfolios, total, own, low, high, currency, elsewhere, drift, largest, cash_over,
        priced_on, event_at, plan_at, lines,
    ) = found[:SINGLE]  # fmt: skip
    is_one = low is not None and low == high  # in one currency, whichever it is
    assessed_on, reviewed_on = day_of(assessed_at), day_of(held_on)
    return Row(
        id=key_of(pk),
        firm_id=key_of(firm_id),
        name=name,
        can_change=role == CHANGES,
        is_archived=archived_at is not None,
        rti=rti,
        label=label or "",
        iss=iss,
        income=income or "",
        result=result or "",
        assessed_at=assessed_on,
        reviewed_on=max(filter(None, (assessed_on, reviewed_on)), default=None),
        due_on=day_of(due_on),
        portfolios=portfolios or 0,
        value=number(total if is_one else own, MONEY_PLACES),
        currency=low if is_one else currency,
        elsewhere=0 if is_one else elsewhere or 0,
        drift=number(drift, DRIFT_PLACES),
        largest=number(largest, 2),
        cash_over=number(cash_over, 2),
        oldest_price_on=day_of(priced_on),
        event_on=day_of(event_at),
        plan_on=day_of(plan_at),
        plan_lines=int(lines or 0),
        holds=tuple(
            one.key for one, flag in zip(conditions.CONDITIONS, found[SINGLE:], strict=True) if flag
        ),
    )


def key_of(pk: Any) -> UUID:
    return pk if isinstance(pk, UUID) else UUID(pk)


def day_of(value: Any) -> date | None:
    """A day, or a moment's day; one of the databases has them as text."""
    if isinstance(value, str):
        value = parse_datetime(value) if len(value) > 10 else parse_date(value)
    return value.date() if hasattr(value, "hour") else value


def number(units: Any, places: int) -> Decimal | None:
    return None if units is None else Decimal(int(units)).scaleb(-places)


def seen_as(role: int) -> str:
    # Columns and one of two numbers.
    return f"SELECT {CLIENT_COLUMNS}, {role} AS role FROM questionnaire_clientprofile c"  # noqa: S608


# -- SQL --------------------------------------------------------------------------------------------------


def names(values: dict[str, Any], name: str, keys: Iterable[UUID]) -> str:
    """Placeholders for keys, which are put among the values."""
    put = {f"{name}_{place}": key for place, key in enumerate(keys)}
    values.update(put)
    return ", ".join(f"%({name})s" for name in put)


def fetch(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {name: prepared(value) for name, value in values.items()})
        return cursor.fetchall()


def prepared(value: Any) -> Any:
    """One of the databases has no keys of its own kind."""
    is_key = isinstance(value, UUID)
    return models.UUIDField().get_db_prep_value(value, connection) if is_key else value
