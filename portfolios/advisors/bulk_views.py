"""Many clients chosen in the list: who they are, a question, and a job that does it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST

from portfolios.advisors import choices, exports
from portfolios.advisors.book import Book, Person, book_of
from portfolios.advisors.bulk import DEEDS, EXPORT, Deed
from portfolios.advisors.views import address_of, advisors_of, see_other
from riskalloc.firms.access import signed_in
from riskalloc.firms.audit import by_of
from riskalloc.firms.letters import letters_left, wait_to_write
from riskalloc.firms.models import MOST_ITEMS, Job, Membership
from riskalloc.firms.services.jobs import IdTaken, start_job
from riskalloc.web.errors import too_many
from riskalloc.web.numbers import number_text

MOST_NAMED = 200


class Refused(Exception):
    """A sentence that says what to do instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """`left_out` are seen but not to be changed."""

    people: Sequence[Person]
    left_out: int
    back: str

    @property
    def keys(self) -> str:
        return ",".join(person.id.hex for person in self.people)


@require_POST
@signed_in
def chosen(request: HttpRequest) -> HttpResponse:
    """First who it is about and whether it shall be; sent from that page, it is begun."""
    book = book_of(request.user)
    if not book.desks:
        raise Http404
    try:
        deed, of = deed_of(request, book), chosen_of(request, book)
        if deed is None:
            return export(book, of)
        act = begin if "chosen" in request.POST else confirm
        return act(request, book, deed, changeable(of, book, deed))
    except Refused as refused:
        asked = choices.read(QueryDict(request.POST.get("query", "")))
        context = {"problem": str(refused), "back": address_of(asked), "nav": "clients"}
        return render(request, "advisors/chosen.html", context, status=422)


def deed_of(request: HttpRequest, book: Book) -> Deed | None:
    """None for the export, which changes nothing."""
    key = request.POST.get("do", "")
    if key == EXPORT:
        return None
    deed = DEEDS.get(key)
    may = bool(book.owned_firms) if deed and deed.is_owners else bool(book.can_add)
    if deed is None or not may:
        raise Refused(_("Choose what to do with the clients."))
    return deed


def chosen_of(request: HttpRequest, book: Book) -> Chosen:
    """Whom the boxes name, or all that match; those of others are not there."""
    asked = choices.read(QueryDict(request.POST.get("query", "")), advisors_of(request, book))
    if request.POST.get("all") == "1" and "chosen" not in request.POST:
        keys = book.keys(asked.choice(), MOST_ITEMS + 1)
    else:
        texts = [*request.POST.get("chosen", "").split(","), *request.POST.getlist("client")]
        keys = list(dict.fromkeys(keys_in(texts)))
    if len(keys) > MOST_ITEMS:
        most = number_text(Decimal(MOST_ITEMS))
        raise Refused(
            _("At most {most} clients at once. Narrow the list down first.").format(most=most)
        )
    people = book.people(keys)
    if not people:
        raise Refused(_("Tick at least one client of the list, or all that match."))
    return Chosen(people=people, left_out=0, back=address_of(asked))


def keys_in(texts: Iterable[str]) -> Iterable[UUID]:
    """What is no key is nobody's."""
    for text in texts:
        try:
            yield UUID(text.strip())
        except ValueError:
            continue


def changeable(of: Chosen, book: Book, deed: Deed) -> Chosen:
    owned = set(book.owned_firms)
    people = [
        person
        for person in of.people
        if person.can_change and (person.firm_id in owned or not deed.is_owners)
    ]
    if not people:
        raise Refused(_("You may look at these clients, but not change them."))
    return Chosen(people=people, left_out=len(of.people) - len(people), back=of.back)


def confirm(request: HttpRequest, book: Book, deed: Deed, of: Chosen) -> HttpResponse:
    return render(request, "advisors/chosen.html", asking(request, book, deed, of))


def asking(request: HttpRequest, book: Book, deed: Deed, of: Chosen) -> dict[str, object]:
    more = len(of.people) - MOST_NAMED
    return {
        "deed": deed,
        "chosen": of,
        "count": len(of.people),
        "named": of.people[:MOST_NAMED],
        "more": max(0, more),
        "letters": letters_said(of) if deed.writes_letters else "",
        "members": advisors_of(request, book) if deed.is_owners else {},
        "query": request.POST.get("query", "")[:2000],
        "new_id": uuid4(),
        "back": of.back,
        "nav": "clients",
    }


def letters_said(of: Chosen) -> str:
    """How many of the letters go out today: a practice writes only so many a day at once."""
    by_firm = Counter(person.firm_id for person in of.people)
    count = sum(min(wanted, letters_left(firm_id)) for firm_id, wanted in by_firm.items())
    later = len(of.people) - count
    if not later:
        return _("All of the letters can go out today.")
    today = ngettext("{n} letter goes out today.", "{n} letters go out today.", count)
    rest = ngettext(
        "{later} is listed as not sent; try it again tomorrow.",
        "{later} are listed as not sent; try them again tomorrow.",
        later,
    )
    most = _("A practice writes at most {most} letters a day to many clients at once.")
    said = f"{today if count else _('No letter goes out today.')} {rest} {most}"
    numbers = {"n": count, "later": later, "most": settings.BULK_LETTERS_PER_DAY}
    return said.format(**{key: number_text(Decimal(n)) for key, n in numbers.items()})


def begin(request: HttpRequest, book: Book, deed: Deed, of: Chosen) -> HttpResponse:
    """A job for each firm; nearly everybody has one. The id of the form begins it once."""
    if deed.writes_letters and (wait := wait_to_write(request)):
        return too_many(request, wait)
    job_id = next(iter(keys_in([request.POST.get("id", "")])), None) or uuid4()
    arguments = arguments_of(request, book, deed)
    if arguments is None:
        context = asking(request, book, deed, of) | {"choose": True, "new_id": job_id}
        return render(request, "advisors/chosen.html", context, status=422)
    by_firm: dict[UUID, list[UUID]] = defaultdict(list)
    for person in of.people:
        by_firm[person.firm_id].append(person.id)
    jobs: list[Job] = []
    for nth, (firm_id, keys) in enumerate(sorted(by_firm.items())):
        if "firm" in arguments and arguments["firm"] != str(firm_id):
            continue  # whoever is assigned sits at one desk
        jobs.append(job_for(request, deed, firm_id, keys, arguments, job_id, nth))
    return see_other(jobs[0].get_absolute_url() if len(jobs) == 1 else reverse("jobs"))


def job_for(
    request: HttpRequest,
    deed: Deed,
    firm_id: UUID,
    keys: list[UUID],
    arguments: dict[str, str],
    job_id: UUID,
    nth: int,
) -> Job:
    count = ngettext("{n} client", "{n} clients", len(keys)).format(n=len(keys))
    try:
        return start_job(
            job_id=uuid5(job_id, firm_id.hex) if nth else job_id,
            firm_id=firm_id,
            kind=deed.kind,
            keys=keys,
            arguments=arguments,
            by=by_of(request),
            title=f"{deed.text}: {count}",
        )
    except IdTaken:
        raise Http404 from None


def arguments_of(request: HttpRequest, book: Book, deed: Deed) -> dict[str, str] | None:
    """Who is assigned, where somebody is; None where nobody was chosen."""
    if not deed.is_owners:
        return {}
    key = next(iter(keys_in([request.POST.get("member", "")])), None)
    desks = Membership.objects.visible_to(request.user).filter(firm__in=book.owned_firms)
    found = desks.filter(pk=key).first() if key else None
    return {"membership": str(found.pk), "firm": str(found.firm_id)} if found else None


def export(book: Book, of: Chosen) -> HttpResponse:
    rows = book.rows([person.id for person in of.people])
    response = HttpResponse(exports.table(rows), content_type="text/csv; charset=utf-8")
    name = f"clients-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
