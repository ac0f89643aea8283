"""Where people live: towns and streets that do not exist, postcodes of areas that nobody has."""

from dataclasses import dataclass
from random import Random

_AREAS = ("QB", "QN", "VA", "VT", "XD", "XK", "XR", "QS", "VL", "XW")
_TOWNS = """
    Northtown, Eastmere, Harrowick, Thornley Bridge, Castle Ambrey, Fernwell, Stonegate, Marlow Heath,
    Coldbrook, Wexley, Ashcombe, Dunmoor, Hollinfield, Kirkwade, Saltmarsh, Brackenhurst, Millhaven,
    Oldacre, Redwater, Fairholt, Lynbury, Copperton, Westerdale, Greyminster
"""
TOWNS = tuple(town.strip() for town in _TOWNS.split(","))
_NAMES = """
    Abbey Acorn Albion Alma Bank Barley Beacon Beech Birch Bluebell Bramble Brewery Canal Cedar Chapel
    Cherry Church Clifton Coach Coronation Cross Dale Derwent Elm Fairview Farm Field Foundry Garden
    George Glebe Grange Green Grove Hawthorn Hazel High Hill Holly Hope Ivy Jubilee King Kingfisher Lake
    Larch Laurel Lime Linden Lower Manor Maple Market Meadow Mill Moor Nelson New North Oak Orchard
    Oxford Park Pine Poplar Primrose Prince Priory Quarry Queen Railway Regent River Rose Rowan School
    Silver South Spring Station Sycamore Temple Union Upper Vale Valley Victoria Walnut Water Well West
    Willow Windmill Wood York
"""
_STREETS = tuple(_NAMES.split())
_KINDS = (
    "Road", "Street", "Lane", "Avenue", "Close", "Drive",
    "Court", "Way", "Crescent", "Gardens", "Terrace", "Place",
)  # fmt: skip
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
#: Houses that share a postcode.
_TOGETHER = 16


@dataclass(frozen=True)
class Address:
    """Where a household lives."""

    house: int
    flat: int
    street: str
    town: str
    postcode: str

    @property
    def line(self) -> str:
        """House and street on one line."""
        flat = f"Flat {self.flat}, " if self.flat else ""
        return f"{flat}{self.house} {self.street}"


def draw_address(dice: Random, streets_each: int) -> Address:
    """Return an address in a town of so many streets."""
    town, number = dice.randrange(len(TOWNS)), dice.randrange(streets_each)
    house = 1 + int(140 * dice.random() ** 1.6)
    flat = dice.randint(1, 12) if dice.random() < 0.12 else 0
    name = _STREETS[(number * 7 + town * 13) % len(_STREETS)]
    street = f"{name} {_KINDS[(number // len(_STREETS) + number) % len(_KINDS)]}"
    return Address(house, flat, street, TOWNS[town], _postcode(town, number, house // _TOGETHER))


def _postcode(town: int, street: int, block: int) -> str:
    place = street * 10 + block
    district = town // len(_AREAS) * 7 + street % 7 + 1
    inner = (place * 37 + town * 101) % 3600
    sector, rest = divmod(inner, 400)
    return f"{_AREAS[town % len(_AREAS)]}{district} {sector + 1}{_LETTERS[rest // 20]}{_LETTERS[rest % 20]}"
