"""The filters of the list as fields, and names for them."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from portfolios.advisors import conditions
from portfolios.advisors.choices import LONGEST_SEARCH, NOBODY, Asked
from portfolios.models.filters import LONGEST_FILTER_NAME
from riskalloc.engine.rules import IncomeLabel, RiskLabel

ANY = ("", _("Any"))


class FilterForm(forms.Form):
    """What is asked for now. It is never sent to be checked: `choices.read` understands an address."""

    use_required_attribute = False
    q = forms.CharField(
        label=_("Name"),
        widget=forms.TextInput(attrs={"type": "search", "maxlength": LONGEST_SEARCH}),
    )
    risk = forms.ChoiceField(
        label=_("Risk"), choices=[ANY, *((label.value, label.capitalize()) for label in RiskLabel)]
    )
    income = forms.ChoiceField(
        label=_("Income"),
        choices=[ANY, *((label.value, label.capitalize()) for label in IncomeLabel)],
    )
    drift = forms.CharField(
        label=_("Drift of at least"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 10}),
    )
    due = forms.DateField(
        label=_("Review due before"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    advisor = forms.ChoiceField(label=_("Looked after by"))
    archived = forms.ChoiceField(
        label=_("Show"), choices=[("", _("Current clients")), ("1", _("Archived clients"))]
    )

    def __init__(self, asked: Asked, advisors: Mapping[str, str]) -> None:
        super().__init__(
            initial={
                "q": asked.q,
                "risk": asked.risk,
                "income": asked.income,
                "drift": "" if asked.drift is None else f"{asked.drift:f}",
                "due": asked.due,
                "advisor": asked.advisor,
                "archived": "1" if asked.archived else "",
            },
            auto_id="%s",
        )
        self.asked = asked
        if not advisors:
            del self.fields["advisor"]
            return
        field = self.fields["advisor"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [ANY, (NOBODY, _("Nobody but the owner")), *advisors.items()]

    def statuses(self) -> list[tuple[str, str, bool]]:
        """Key, word, and whether it is ticked: several narrow the list down."""
        keys = [conditions.DRIFT, *conditions.BY_KEY, conditions.FINE]
        return [(key, conditions.word_of(key), key in self.asked.status) for key in keys]


class FilterNameForm(forms.Form):
    use_required_attribute = False
    name = forms.CharField(
        label=_("A name for this filter"),
        max_length=LONGEST_FILTER_NAME,
        error_messages={
            "required": _("Give the filter a name, like “Reviews in December”"),
            "max_length": _("A name has at most 60 characters"),
        },
    )
