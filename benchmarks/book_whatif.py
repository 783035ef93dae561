"""What if, for the whole book: the page's answer beside its statement, run by itself."""

from typing import Any, Protocol

from django.db import connection
from django.http import QueryDict

from portfolios.advisors.book import book_of
from portfolios.advisors.whatif_moves import Asked, MovesForm
from portfolios.advisors.whatif_shown import answer
from portfolios.advisors.whatif_sql import USUAL_SORT, what_if_sql
from portfolios.demo.book import Book

FALL = "stocks=-20&bonds=3"
ROWS = 50
CLIENTS = "WITH client AS (SELECT * FROM questionnaire_clientprofile WHERE firm_id = %(firm)s)"


class Scene(Protocol):
    @property
    def book(self) -> Book: ...


def asked() -> Asked:
    form = MovesForm(QueryDict(FALL))
    assert form.is_valid()
    return Asked(typed=form.typed())


def bare_what_if(scene: Scene) -> None:
    values: dict[str, Any] = {"firm": scene.book.firm.pk, "start": 0, "count": ROWS}
    with connection.cursor() as cursor:
        cursor.execute(f"{CLIENTS} {what_if_sql(asked().moves(), USUAL_SORT)}", values)
        cursor.fetchall()


def what_if(scene: Scene) -> None:
    shown = answer(book_of(scene.book.owner), asked())
    assert shown is not None
    assert shown.lines
