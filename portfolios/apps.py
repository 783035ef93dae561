"""Enters what belongs to a client here, so that it goes where the client goes."""

from django.apps import AppConfig


class PortfoliosConfig(AppConfig):
    name = "portfolios"

    def ready(self) -> None:
        # Models are there only now.
        from portfolios.demo.loading import load_once
        from portfolios.display.happenings import happened_to
        from portfolios.services import belongings as ours
        from portfolios.services.purging import purge
        from questionnaire.services.belongings import Belongings, enter

        enter(
            self.name,
            Belongings(
                lock=ours.lock_all,
                move=ours.move,
                erase=ours.erase,
                export=ours.rows_of,
                purge=purge,
                add_demo=load_once,
                happened=happened_to,
            ),
        )
