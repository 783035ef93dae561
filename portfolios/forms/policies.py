"""How far a portfolio may stray, and what its plans keep to."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portfolios.forms.fields import money_field, percent_field, sign_of, version_field
from portfolios.models import BandKind, Policy
from portfolios.services.targets import POLICY_VALUES
from questionnaire.forms.clients import PlainForm

NOTHING = Decimal(0)
BANDS = (
    (
        BandKind.FIVE_TWENTY_FIVE.value,
        _("5 points, or a quarter of the target where that is less (the 5/25 rule)"),
    ),
    (BandKind.ABSOLUTE.value, _("The same number of points for every class")),
    (BandKind.RELATIVE.value, _("A share of the target: small classes get narrow bands")),
    (BandKind.HYBRID.value, _("A share of the target, but at least some points")),
    (BandKind.NONE.value, _("No bands")),
)
# The numbers that each kind of band is made of, by the fields that hold them.
NEEDED = {
    BandKind.ABSOLUTE.value: ("band_points",),
    BandKind.RELATIVE.value: ("band_percent",),
    BandKind.HYBRID.value: ("band_percent", "band_floor"),
}
MONEY = ("minimum_trade", "cash_to_keep", "usual_deposit")


class PolicyForm(PlainForm):
    """`values()` gives the columns of the policy."""

    version = version_field()
    band = forms.ChoiceField(
        label=_("How far a class may stray from its target"),
        choices=BANDS,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Select a kind of band")),
    )
    band_points = percent_field(_("Points"), unit="points")
    band_percent = percent_field(_("Percent of the target"))
    band_floor = percent_field(_("At least"), unit="points")
    stocks_ceiling = percent_field(
        _("Most in stocks"),
        _("Over it, a rebalance is due whatever the bands say. Empty switches it off."),
    )
    drift_points = percent_field(
        _("Most drift of the whole portfolio"),
        _(
            "Drift is the part that is in the wrong place. From this many points on, a rebalance is due."
            " Empty switches it off."
        ),
        unit="points",
        above=NOTHING,
    )
    watches_calendar = forms.BooleanField(
        label=_("Once a year"),
        help_text=_("Due from the anniversary of the last review on."),
        required=False,
    )
    watches_life_events = forms.BooleanField(
        label=_("When something in life has changed"),
        help_text=_("Due when a life event is newer than the last answers."),
        required=False,
    )
    minimum_trade = money_field(
        _("Smallest trade"), _("Plans leave out what is smaller. Empty means no limit.")
    )
    whole_shares = forms.BooleanField(
        label=_("Whole shares only"),
        help_text=_("Where the broker sells no parts of a share."),
        required=False,
    )
    cash_to_keep = money_field(
        _("Cash to keep"), _("Plans never spend this much. Empty means none.")
    )
    counts_cash = forms.BooleanField(
        label=_("Cash in the accounts counts"),
        help_text=_("Without it, drift looks at the holdings alone."),
        required=False,
    )
    usual_deposit = money_field(
        _("Usual deposit in a month"),
        _("Plans say how many of these would do instead of selling. Empty means none."),
    )

    def __init__(self, currency: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in MONEY:
            self.fields[name].unit = sign_of(currency)  # type: ignore[attr-defined]

    @classmethod
    def of_policy(cls, policy: Policy, currency: str) -> "PolicyForm":
        return cls(currency, initial={name: getattr(policy, name) for name in cls.base_fields})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in NEEDED.get(cleaned.get("band", ""), ()):
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, _("Enter a number from 0 to 100, like 5"))
        self.forgive_other_bands(cleaned.get("band", ""))
        return cleaned

    def forgive_other_bands(self, band: str) -> None:
        """What is wrong in the numbers of another kind, which the page hides, is in nobody's way."""
        if band:
            for name in {"band_points", "band_percent", "band_floor"} - set(NEEDED.get(band, ())):
                self.errors.pop(name, None)

    def values(self) -> dict[str, Any]:
        """Without the numbers of other kinds of bands, which stay as they are where they are empty."""
        values = {name: self.cleaned_data.get(name) for name in POLICY_VALUES}
        for name in ("minimum_trade", "cash_to_keep"):
            values[name] = values[name] or Decimal("0.00")
        values["usual_deposit"] = values["usual_deposit"] or None
        kept = {"band_points", "band_percent", "band_floor"}
        return {
            name: value for name, value in values.items() if value is not None or name not in kept
        }
