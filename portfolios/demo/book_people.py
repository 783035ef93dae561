"""Invented clients by the thousand: names, days, and answers whose results are calculated by the method."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify

from portfolios.services.mixes import Decision
from portfolios.services.targets import POINTS
from questionnaire.demo.stories import all_answers
from questionnaire.demo.telling import ASKED_ABOUT, by_question, moment
from questionnaire.models import Assessment, ClientProfile, LifeEvent, Ownership
from questionnaire.models.names import folded
from questionnaire.services.answering import calculate
from questionnaire.services.owning import valid_until
from questionnaire.snapshots import stored
from riskalloc import methodology
from riskalloc.engine.rules import Methodology
from riskalloc.firms.models import Firm

FIRST = (
    "Ada Aïcha Alma Amélie Anders Anouk Arjun Ásta Beatriz Bo Carmen Cécile Dagmar Daiki Désirée Edith"
    " Eino Élodie Emeka Esra Fatou Félix Freya Gita Günter Halima Hugo Ida Inés Ivo Jakub Joaquín Jonas"
    " Kaito Keïta Lamar Leïla Linh Lotte Łukasz Mads Maeve Mina Mirela Nadia Nils Noor Núria Okon Olga"
    " Óscar Paavo Priya Quinn Rafael René Rosa Ruth Sanna Søren Tariq Teo Uma Vera Wanda Xavier Yara"
    " Yusuf Zoë Zofia"
).split()
LAST = (
    "Abara Ahlgren Álvarez Banerjee Bergström Bianchi Björk Çelik Chowdhury Côté Dąbrowski Delacroix"
    " Díaz Eklund Fischer Ferreira García Grönholm Gupta Haddad Hansen Horváth Ibarra Ito Jørgensen"
    " Kaya Kim Kowalczyk Lefèvre Lindqvist Łaska Machado Mbeki Moreau Müller Nakamura Nguyễn Novák"
    " Núñez Obi O'Hara Okafor Öztürk Pérez Petrov Quill Rahman Rossi Sánchez Sato Schäfer Silva Šimić"
    " Tanaka Thorne Tremblay Ueda Vargas Virtanen Weiss Wójcik Xu Yilmaz Zając Zimmer"
).split()
REPLIES_PER_CLIENT, MOST_REPLIES = 0.2, 400  # results are calculated once for each set of answers
ANSWERED_AFTER = timedelta(minutes=25)
DROP = ("sell_all", "sell_some", "hold_worried", "hold_calm", "buy_more")
MIX = ("mix_15", "mix_35", "mix_50", "mix_65", "mix_75")
PAST = ("sold_all", "sold_some", "put_in_less", "did_nothing", "bought")
LOSS = ("up_to_5", "up_to_10", "up_to_20", "up_to_35", "over_35")
JOBS = ("gig", "contract_or_new", "permanent_or_cyclical", "permanent_steady", "tenured_or_pension")
FALLS = ("25_or_more", "15_to_25", "10_to_15", "5_to_10", "under_5")
COVER = ("under_25", "25_to_50", "50_to_75", "75_to_100", "100_or_more")
EVENTS = ("marriage", "birth", "job_loss", "new_job", "home_purchase", "inheritance", "retirement")


# -- Answers ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One set of answers with its result: the columns of an assessment, and the target made of it."""

    columns: Mapping[str, Any]
    target: Mapping[str, int]  # basis points


def replies(chance: Random, clients: int, method: Methodology) -> list[Reply]:
    """From careful to bold, so that neighbours answered much alike."""
    count = max(12, min(MOST_REPLIES, int(clients * REPLIES_PER_CLIENT)))
    return [
        reply_to(by_question(answers(chance, place / count), method), method)
        for place in range(count)
    ]


def answers(chance: Random, boldness: float) -> dict[str, str]:
    def near(choices: tuple[str, ...]) -> str:
        place = round(chance.gauss(boldness * 4, 0.4))
        return choices[min(4, max(0, place))]

    income = chance.randrange(30, 160) * 100
    return all_answers(
        amount=str(chance.randrange(20, 1500) * 1000),
        years=str(max(2, round(6 + 20 * boldness + chance.gauss(0, 3)))),
        risk=" ".join((near(DROP), near(MIX), near(PAST), near(LOSS))),
        job=chance.choice(JOBS[1:]),
        savings=(str(chance.randrange(4, 90) * 1000), str(income // 2)),
        debts=(str(income * chance.randrange(0, 45) // 100), str(income)),
        fall=chance.choice(FALLS),
        cover=chance.choice(COVER),
        needed="5000" if chance.random() < 0.1 else "0",
    )


def reply_to(given: Mapping[str, Mapping[str, str]], method: Methodology) -> Reply:
    result = calculate(given, method, seconds_taken=300)
    rules = {step.rule for step in result.calculation.scores.adjustments}
    columns = {
        "software": settings.SOFTWARE_VERSION,
        "answers": given,
        "seconds_taken": 300,
        "kept_contradictions": not rules.isdisjoint(ASKED_ABOUT),
        **stored(result),
    }
    percents = Decision(assessment=Assessment(**columns), override=None).percents()
    target = {name: int(percent / POINTS) for name, percent in percents.items()}
    return Reply(columns=columns, target=target)


# -- People -----------------------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Person:
    """A client that is not saved yet; `answered` are replies with how many days ago, the latest last."""

    client: ClientProfile
    answered: list[tuple[int, Reply]]
    has_event: bool


def people(
    chance: Random, firm: Firm, pool: list[Reply], first: int, count: int
) -> Iterator[Person]:
    today = timezone.localdate()
    for number in range(first, first + count):
        known = chance.randint(40, 1400)
        told = answered(chance, pool, known)
        yield Person(
            client=client_of(chance, firm, number, known, told, today),
            answered=told,
            has_event=bool(told) and told[-1][0] < 90 and chance.random() < 0.2,
        )


def answered(chance: Random, pool: list[Reply], known: int) -> list[tuple[int, Reply]]:
    """One in thirty never did; one in six is overdue."""
    if chance.random() < 1 / 30:
        return []
    place = chance.randrange(len(pool))
    latest = chance.randint(366, 520) if chance.random() < 1 / 6 else chance.randint(0, 365)
    told = [(min(latest, known), pool[place])]
    earlier = latest + chance.randint(330, 400)
    if earlier <= known:
        moved = min(len(pool) - 1, max(0, place + chance.randint(-len(pool) // 8, len(pool) // 8)))
        told.insert(0, (earlier, pool[moved]))
    return told


def client_of(
    chance: Random, firm: Firm, number: int, known: int, told: list[tuple[int, Reply]], today: date
) -> ClientProfile:
    given, family = chance.choice(FIRST), chance.choice(LAST)
    age = chance.randint(24, 82)
    born = date(today.year - age, chance.randint(1, 12), chance.randint(1, 28))
    latest = timezone.localdate(moment(told[-1][0])) if told else None
    name = f"{given} {family} (demo)"
    return ClientProfile(
        id=uuid4(),
        firm=firm,
        name=name,
        name_folded=folded(name),
        email=f"{slugify(given)}.{slugify(family)}.{number}@example.org",
        phone=f"+1 555 {number % 10_000_000:07}" if chance.random() < 0.5 else "",
        born_on=born,
        retires_on=date(born.year + chance.randint(60, 70), born.month, 1) if age < 60 else None,
        review_due_on=valid_until(latest) if latest else None,
        created_at=moment(known),
        archived_at=moment(known // 3) if chance.random() < 0.01 else None,
    )


def assessments(person: Person) -> list[Assessment]:
    return [
        Assessment(created_at=moment(days_ago) + ANSWERED_AFTER, **reply.columns)
        for days_ago, reply in person.answered
    ]


def ownerships(person: Person, rows: list[Assessment], typed_by: str) -> Iterator[Ownership]:
    """Most questionnaires are filled in at the desk."""
    client = person.client
    for row in rows:
        yield Ownership(
            assessment=row,
            client=client,
            firm_id=client.firm_id,
            filled_in_by=typed_by if client.id.int % 10 < 7 else "",
            since=row.created_at,
        )


def event_of(chance: Random, person: Person, opened: Assessment, recorded_by: str) -> LifeEvent:
    client = person.client
    happened = timezone.localdate(opened.created_at) - timedelta(days=chance.randint(2, 30))
    return LifeEvent(
        firm_id=client.firm_id,
        client=client,
        kind=chance.choice(EVENTS),
        events_version=methodology.EVENTS_VERSION,
        happened_on=happened,
        assessment=opened,
        recorded_by=recorded_by,
        recorded_at=opened.created_at,
    )


def since(person: Person) -> datetime:
    return person.client.created_at + ANSWERED_AFTER
