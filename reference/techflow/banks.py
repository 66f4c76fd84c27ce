"""The customers: a dozen fictional banks of different size, each with its own seven legacy systems."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Bank:
    """One customer bank."""

    id: str
    name: str
    code: str  # prefix of its client numbers
    tier: str
    region: str
    weight: float  # share of all clients, before normalising


def _bank(id: str, name: str, code: str, tier: str, region: str, weight: float) -> Bank:
    return Bank(id=id, name=name, code=code, tier=tier, region=region, weight=weight)


BANKS: dict[str, Bank] = {
    bank.id: bank
    for bank in (
        _bank("northbank", "North Bank", "NB", "gold", "uk", 24),
        _bank("rheinland", "Rheinland Kredit", "RK", "gold", "de", 18),
        _bank("lakeshore", "Lakeshore Trust", "LT", "gold", "us", 14),
        _bank("porto-azul", "Porto Azul", "PA", "silver", "pt", 10),
        _bank("nordlys", "Nordlys Sparebank", "NS", "silver", "no", 8),
        _bank("helvetic", "Helvetic Privat", "HP", "silver", "ch", 7),
        _bank("mistral", "Banque Mistral", "BM", "silver", "fr", 6),
        _bank("adria", "Adria Banca", "AB", "bronze", "it", 5),
        _bank("tatra-union", "Tatra Union", "TU", "bronze", "sk", 3),
        _bank("harbour", "Harbour Building Society", "HB", "bronze", "uk", 2.5),
        _bank("polder", "Polder Coöperatie", "PC", "bronze", "nl", 1.5),
        _bank("skye-credit", "Skye Credit Union", "SC", "bronze", "uk", 1),
    )
}

BANK_OF_CODE = {bank.code: bank.id for bank in BANKS.values()}


def bank_of(client: str) -> str:
    """The bank of a client number such as `NB-000123`; KeyError when the prefix is nobody's."""
    return BANK_OF_CODE[client[:2]]
