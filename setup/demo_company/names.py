"""Names, places and addresses for customers that nobody is meant to recognise."""

import re

SURNAMES = (
    "Brennan Byrne Callaghan Carroll Casey Clarke Collins Connolly Corrigan "
    "Costello Cullen Daly Darcy Delaney Devlin Dolan Donnelly Doran Doyle Duffy "
    "Dunne Egan Fahy Farrell Fennelly Finnegan Fitzgerald Flanagan Flynn Foley "
    "Gallagher Garvey Geraghty Gilmartin Grogan Hanlon Hannigan Healy Hickey Hogan "
    "Horgan Joyce Kavanagh Keane Kearney Keating Kehoe Kelleher Kelly Kenny Kiely "
    "Kinsella Lacey Lally Larkin Lavelle Lawlor Lennon Lynch Madden Maguire Malone "
    "Mannion McCabe McCarthy McDermott McEvoy McGrath McHugh McKenna McLoughlin "
    "McNally Moloney Monaghan Mooney Moran Moriarty Mulcahy Mullen Mulvey Murphy "
    "Murray Nagle Naughton Neville Nolan Nugent O'Brien O'Connor O'Donnell O'Dwyer "
    "O'Gorman O'Hara O'Keeffe O'Leary O'Mahony O'Neill O'Reilly O'Rourke O'Shea "
    "O'Sullivan O'Toole Phelan Power Prendergast Quigley Quinlan Quinn Rafferty "
    "Redmond Regan Reidy Roche Rooney Ryan Scanlon Shanahan Sheehan Sheridan "
    "Slattery Smyth Spillane Sweeney Tierney Tobin Tormey Tuohy Twomey Tynan Walsh "
    "Ward Whelan Kowalski Nowak Silva Santos Popescu Kazlauskas Ozols Fernandes "
    "Rossi Moreau Schmidt Novak Okafor Adeyemi Khan Sharma Nguyen Chen"
).split()
FIRST_NAMES = (
    "Aisling Aoife Áine Anna Bríd Caoimhe Ciara Claire Deirdre Eimear Emma "
    "Fionnuala Grace Gráinne Hannah Helen Joan Kate Laura Lucy Maeve Mairéad Maria "
    "Mary Michelle Niamh Nora Nuala Orla Rachel Róisín Ruth Saoirse Sarah Sinéad "
    "Siobhán Sorcha Una Aidan Andrew Barry Brian Cathal Cian Ciarán Colm Conor "
    "Daniel Darragh Declan Dermot Diarmuid Donal Eamon Eoin Fergal Finn Gareth "
    "Gavin Hugh James John Kevin Liam Luke Mark Martin Michael Niall Oisín Owen "
    "Pádraig Patrick Paul Peter Rory Ruairí Seán Shane Stephen Thomas Tom Tadhg"
).split()
ADJECTIVES = (
    "Copper Silver Golden Blue Green Red Crooked Quiet Merry Hungry Little Old Wild "
    "Salty Rustic Lucky Burnt Velvet Ivory Amber Hidden Painted Northern Black "
    "White"
).split()
NOUNS = (
    "Kettle Spoon Ladle Oyster Harp Heron Fox Hare Anchor Lantern Orchard Olive "
    "Pepper Walnut Thistle Barrel Bay Cockerel Salmon Stag Rook Mill Garden Table "
    "Plate Fig Quince Saddle Sparrow Clover Compass Hearth"
).split()
SAINTS = "Brigid Patrick Brendan Kevin Colman Finbarr Ita Joseph Anne Declan".split()
STREETS = (
    "Main Street|High Street|Bridge Street|Church Street|Castle Street|Quay Road|"
    "Market Square|Mill Lane|Abbey Road|Station Road|Harbour View|Patrick Street|"
    "Shop Street|Parnell Street|Emmet Place|Strand Road|Priory Court|Chapel Hill"
).split("|")

# City, country, weight: about one customer in ten is across the border.
CITIES = [
    ("Dublin", "IE", 30.0),
    ("Cork", "IE", 12.0),
    ("Galway", "IE", 9.0),
    ("Limerick", "IE", 7.0),
    ("Waterford", "IE", 5.0),
    ("Kilkenny", "IE", 4.0),
    ("Sligo", "IE", 3.0),
    ("Wexford", "IE", 3.0),
    ("Killarney", "IE", 4.0),
    ("Athlone", "IE", 2.5),
    ("Drogheda", "IE", 2.5),
    ("Dundalk", "IE", 2.5),
    ("Tralee", "IE", 2.0),
    ("Westport", "IE", 2.0),
    ("Letterkenny", "IE", 2.0),
    ("Belfast", "GB", 6.0),
    ("Derry", "GB", 2.0),
    ("Newry", "GB", 1.5),
]


def slug(name):
    """Return a name as it may stand in an address of the network.

    >>> slug("O'Keeffe & Síle's Café")
    'okeeffe-siles-cafe'
    """
    plain = name.lower().translate(str.maketrans("áéíóú", "aeiou", "'"))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _inn(pick):
    return f"The {pick(ADJECTIVES)} {pick(NOUNS)}"


def _restaurant(pick):
    surname, place = pick(SURNAMES), pick(CITIES)[0]
    return pick(
        [
            _inn(pick),
            f"{surname}'s Bistro",
            f"{surname}'s Restaurant",
            f"{pick(NOUNS)} & {pick(NOUNS)}",
            f"{place} Grill House",
            f"{surname}'s Bar & Kitchen",
        ]
    )


def _hotel(pick):
    return pick(
        [
            f"{pick(SURNAMES)}'s Hotel",
            f"{_inn(pick)} Hotel",
            f"{pick(NOUNS)} Lodge",
            f"{pick(SURNAMES)} Country House",
            f"{pick(CITIES)[0]} {pick(['Park', 'Bay', 'Castle', 'Court'])} Hotel",
        ]
    )


def _cafe(pick):
    return pick(
        [
            f"{_inn(pick)} Café",
            f"{pick(SURNAMES)}'s Bakery",
            f"{pick(NOUNS)} Coffee House",
            f"{pick(FIRST_NAMES)}'s Tea Room",
            f"{pick(ADJECTIVES)} {pick(NOUNS)} Bakery",
        ]
    )


def _caterer(pick):
    return pick(
        [
            f"{pick(SURNAMES)} & {pick(SURNAMES)} Catering",
            f"{pick(NOUNS)} Events",
            f"{pick(SURNAMES)} Banqueting",
            f"{pick(ADJECTIVES)} {pick(NOUNS)} Catering",
        ]
    )


def _institution(pick):
    place, saint = pick(CITIES)[0], pick(SAINTS)
    return pick(
        [
            f"St {saint}'s College, {place}",
            f"St {saint}'s Nursing Home, {place}",
            f"{place} {pick(NOUNS)} Community School",
            f"{pick(NOUNS)} Hall Care Home, {place}",
            f"{place} {pick(NOUNS)} Crèche",
        ]
    )


def _shop(pick):
    return pick(
        [
            f"{pick(SURNAMES)} Kitchenware",
            f"{pick(SURNAMES)} & Sons Hardware",
            f"{pick(NOUNS)} Home Stores",
            f"{pick(ADJECTIVES)} {pick(NOUNS)} Cookshop",
        ]
    )


def _person(pick):
    return f"{pick(FIRST_NAMES)} {pick(SURNAMES)}"


MAKERS = {
    "restaurant": _restaurant,
    "hotel": _hotel,
    "cafe": _cafe,
    "caterer": _caterer,
    "institution": _institution,
    "shop": _shop,
    "private": _person,
}


def distinct(kind, count, rng):
    """Return ``count`` names of a kind of customer, no two of them alike.

    ``rng`` is a ``numpy.random.Generator``. Persons may share a name, as they do.
    """
    found = []
    taken = set()
    while len(found) < count:
        name = MAKERS[kind](lambda options: options[rng.integers(len(options))])
        if name not in taken or kind == "private":
            taken.add(name)
            found.append(name)
    return found
