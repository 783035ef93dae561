"""What somebody wants a plan of, and the plan that they keep."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portfolios.forms.fields import DecimalField, sign_of
from portfolios.models import PlanKind
from portfolios.models.fixed import MONEY_PLACES
from portfolios.services.planning import Wanted
from portfolios.valuing import MOST_VALUE
from questionnaire.forms.clients import PlainForm
from riskalloc.engine.plans import Kind
from riskalloc.firms.forms import RELOAD, SentOnce
from riskalloc.web.numbers import exact_text

IN, OUT = "in", "out"
LONGEST_DIGEST = 64


class PlanForm(PlainForm):
    """A kind of plan, and new cash; in the address, so that every plan can be linked."""

    kind = forms.ChoiceField(
        label=_("What to do"),
        choices=[
            (PlanKind.CASH_FLOW, PlanKind.CASH_FLOW.label),
            (PlanKind.FULL, PlanKind.FULL.label),
            (PlanKind.INTO_BAND, PlanKind.INTO_BAND.label),
        ],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select what to do")),
    )
    way = forms.ChoiceField(
        label=_("Put in or take out"),
        choices=[(IN, _("Put in")), (OUT, _("Take out"))],
        required=False,
        initial=IN,
        error_messages={"invalid_choice": _("Select whether it is put in or taken out")},
    )

    def __init__(self, currency: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="plan_%s", **kwargs)
        self.fields["cash_flow"] = DecimalField(
            label=_("Amount"),
            required=False,
            places=MONEY_PLACES,
            least=-MOST_VALUE,
            example="2,500",
            unit=sign_of(currency),
        )

    @classmethod
    def of(cls, currency: str, wanted: Wanted | None) -> "PlanForm":
        """As if it had been filled in so."""
        if wanted is None:
            return cls(currency)
        flow = wanted.cash_flow
        way = OUT if flow < 0 else IN
        return cls(
            currency, initial={"kind": wanted.kind, "way": way, "cash_flow": abs(flow) or None}
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = cleaned.get("cash_flow")
        if typed and typed < 0 and cleaned.get("way") == OUT:
            say = _("Take the minus away: “Take out” and {amount} is enough.")
            self.add_error("cash_flow", say.format(amount=exact_text(-typed)))
        elif cleaned.get("kind") == Kind.CASH_FLOW and not typed and "cash_flow" not in self.errors:
            self.add_error(
                "cash_flow", _("Enter the amount that you put in or take out, like 2,500")
            )
        return cleaned

    def wanted(self) -> Wanted:
        typed = self.cleaned_data["cash_flow"] or Decimal("0.00")
        is_out = self.cleaned_data["way"] == OUT
        return Wanted(kind=Kind(self.cleaned_data["kind"]), cash_flow=-typed if is_out else typed)


class SavePlanForm(SentOnce):
    """The plan as the page showed it; `seen` is its digest."""

    kind = forms.ChoiceField(
        choices=PlanKind.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), RELOAD),
    )
    cash_flow = DecimalField(places=MONEY_PLACES, least=-MOST_VALUE)
    seen = forms.CharField(max_length=LONGEST_DIGEST)

    def wanted(self) -> Wanted:
        sent = self.cleaned_data
        return Wanted(kind=Kind(sent["kind"]), cash_flow=sent["cash_flow"])


class MarkForm(SentOnce):
    done = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
