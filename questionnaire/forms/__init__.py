"""Forms turn what people type into values, and own every message about it."""

from questionnaire.forms.questions import QuestionForm, WhatIfForm

__all__ = ["QuestionForm", "WhatIfForm"]
