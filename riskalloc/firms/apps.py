from django.apps import AppConfig


class FirmsConfig(AppConfig):
    name = "riskalloc.firms"

    def ready(self) -> None:
        from riskalloc.firms import checks  # noqa: F401  # they register themselves
