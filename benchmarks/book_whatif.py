"""What if, for the whole book: the page's answer beside its two statements, run by themselves."""

from typing import Protocol

from django.db import connection
from django.http import QueryDict

from portfolios.advisors.book import book_of
from portfolios.advisors.whatif_moves import Asked, MovesForm
from portfolios.advisors.whatif_shown import answer
from portfolios.advisors.whatif_sql import USUAL_SORT, newly_sql, order_of, totals_sql
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
    moves = asked().moves()
    page = f"{newly_sql(moves)} ORDER BY {order_of(USUAL_SORT)} LIMIT {ROWS}"
    with connection.cursor() as cursor:
        for statement in (totals_sql(moves), page):
            cursor.execute(f"{CLIENTS} {statement}", {"firm": scene.book.firm.pk})
            cursor.fetchall()


def what_if(scene: Scene) -> None:
    shown = answer(book_of(scene.book.owner), asked())
    assert shown is not None
    assert shown.lines
