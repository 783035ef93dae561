"""Invented prices. Well-known symbols only make the demo look familiar: no figure is market data."""

from portfolios.demo.shapes import Fund

LISTED = (
    Fund("VOO", "560.00"),
    Fund("VTI", "312.50"),
    Fund("VB", "250.00"),
    Fund("VXUS", "75.00"),
    Fund("VTWAX", "54.00"),
    Fund("AGG", "100.00"),
    Fund("BND", "74.00"),
    Fund("VTEB", "50.00"),
    Fund("VTIP", "50.00"),
    Fund("VNQ", "93.75"),
    Fund("GLD", "380.00"),
    Fund("VBIAX", "52.00"),
    Fund("VTTHX", "28.00"),
    Fund("VTHRX", "41.00"),
    Fund("VFFVX", "62.00"),
    Fund("BTC", "92000.00"),
    Fund("SPAXX", "1.00"),
    Fund("VMFXX", "1.00"),
)
UNLISTED = (
    Fund("PG", "160.00", "Procter & Gamble Co", {"us_large_cap": 100}),
    Fund("RIVQ", "6.20", "Rivet Quantum Motors (invented)", {"us_small_cap": 100}),
    Fund("STABLE403", "1.00", "District 403(b) stable value", {"us_aggregate": 100}, 31),
    Fund("I bonds, older", "1.00", "Series I savings bonds", {"tips": 100}),
    Fund("I bonds, locked", "1.00", "Series I savings bonds of this year", {"tips": 100}),
    # Nobody has looked up these two prices for a while.
    Fund("PLAN STOCK", "41.37", "Stock index fund of the plan", {"us_large_cap": 100}, 140),
    Fund("PLAN BOND", "18.40", "Bond index fund of the plan", {"us_aggregate": 100}, 140),
    Fund("CD", "", "Bank deposit for twelve months", {"cash": 100}),
    Fund("Her shop", "", "The shop that is being sold"),
)
FUNDS = {fund.symbol: fund for fund in (*LISTED, *UNLISTED)}
