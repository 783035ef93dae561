"""The portfolios' addresses."""

from django.urls import path

from portfolios.views import (
    accounts,
    deleting,
    holdings,
    looking,
    pasting,
    plans,
    policies,
    portfolio,
    portfolios,
    previews,
    samples,
    securities,
    targets,
    whys,
)

urlpatterns = [
    path("c/<uuid:client_id>/portfolios/new/", portfolios.new, name="portfolio_new"),
    path("p/<uuid:portfolio_id>/", portfolio.portfolio, name="portfolio"),
    path("p/<uuid:portfolio_id>/h/add/", holdings.add, name="holding_add"),
    path("p/<uuid:portfolio_id>/h/delete-all/", deleting.delete_all, name="holdings_delete"),
    path("p/<uuid:portfolio_id>/h/<uuid:holding_id>/", holdings.row, name="holding"),
    path("p/<uuid:portfolio_id>/h/<uuid:holding_id>/edit/", holdings.edit, name="holding_edit"),
    path(
        "p/<uuid:portfolio_id>/h/<uuid:holding_id>/preview/",
        previews.preview,
        name="holding_preview",
    ),
    path(
        "p/<uuid:portfolio_id>/h/<uuid:holding_id>/delete/", deleting.delete, name="holding_delete"
    ),
    path(
        "p/<uuid:portfolio_id>/h/<uuid:holding_id>/restore/",
        deleting.restore,
        name="holding_restore",
    ),
    path("p/<uuid:portfolio_id>/rename/", portfolios.rename, name="portfolio_rename"),
    path("p/<uuid:portfolio_id>/archive/", portfolios.archive, name="portfolio_archive"),
    path("p/<uuid:portfolio_id>/restore/", portfolios.restore, name="portfolio_restore"),
    path("p/<uuid:portfolio_id>/accounts/", accounts.accounts, name="portfolio_accounts"),
    path(
        "p/<uuid:portfolio_id>/accounts/<uuid:account_id>/",
        accounts.account,
        name="portfolio_account",
    ),
    path(
        "p/<uuid:portfolio_id>/accounts/<uuid:account_id>/remove/",
        accounts.remove_account,
        name="portfolio_account_remove",
    ),
    path("p/<uuid:portfolio_id>/rates/", accounts.set_rate, name="portfolio_rates"),
    path("p/<uuid:portfolio_id>/target/", targets.target, name="portfolio_target"),
    path("p/<uuid:portfolio_id>/policy/", policies.policy, name="portfolio_policy"),
    path("p/<uuid:portfolio_id>/s/<uuid:security_id>/", securities.security, name="security_edit"),
    path("p/<uuid:portfolio_id>/paste/", pasting.paste, name="portfolio_paste"),
    path("p/<uuid:portfolio_id>/paste/<uuid:paste_id>/", pasting.pasted, name="portfolio_pasted"),
    path(
        "p/<uuid:portfolio_id>/paste/<uuid:paste_id>/undo/",
        pasting.undo,
        name="portfolio_paste_undo",
    ),
    path("p/<uuid:portfolio_id>/sample/", samples.add, name="portfolio_sample"),
    path("p/<uuid:portfolio_id>/sample/remove/", samples.remove, name="portfolio_sample_remove"),
    path("p/<uuid:portfolio_id>/plan/", plans.plan, name="portfolio_plan"),
    path("p/<uuid:portfolio_id>/plan.csv", plans.plan_as_csv, name="portfolio_plan_csv"),
    path("p/<uuid:portfolio_id>/plans/", plans.plans, name="portfolio_plans"),
    path("p/<uuid:portfolio_id>/plans/<uuid:plan_id>/", plans.saved, name="plan"),
    path(
        "p/<uuid:portfolio_id>/plans/<uuid:plan_id>/plan.csv", plans.saved_as_csv, name="plan_csv"
    ),
    path(
        "p/<uuid:portfolio_id>/plans/<uuid:plan_id>/lines/<int:line>/",
        plans.mark,
        name="plan_mark",
    ),
    path("p/<uuid:portfolio_id>/look/", looking.look, name="portfolio_look"),
    path("p/<uuid:portfolio_id>/why/<slug:what>/", whys.why, name="portfolio_why"),
]
