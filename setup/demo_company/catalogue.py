"""What the demo company sells: some ninety articles, with cost and price.

``weight`` is how often an article is picked within its category; ``case`` the quantity
in which it is usually bought; ``goes_with`` the article that often joins it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Article:
    code: str
    name: str
    category: str
    price: float
    cost: float
    weight: float = 1.0
    case: int = 1
    goes_with: str = ""


CATALOGUE = {
    "Cookware": """
        CW01|Stock pot 20 l, stainless steel|94.00|58.30|1.0|1|
        CW02|Saucepan 3 l, stainless steel|46.50|27.90|2.0|2|CW03
        CW03|Lid for saucepan, 20 cm|14.20|7.70|0.6|2|
        CW04|Frying pan 28 cm, carbon steel|38.00|22.40|2.4|2|
        CW05|Non-stick pan 24 cm|41.90|26.40|2.2|2|
        CW06|Sauté pan 28 cm with lid|79.00|49.80|1.0|1|
        CW07|Roasting tin 60 × 40 cm|52.00|30.70|1.1|2|
        CW08|Gastronorm pan 1/1, 65 mm|17.80|9.60|2.6|6|CW09
        CW09|Gastronorm lid 1/1|12.40|6.30|1.2|6|
        CW10|Wok 36 cm, black steel|33.50|19.10|0.9|1|
        CW11|Casserole 6 l, cast iron|128.00|82.60|0.8|1|
    """,
    "Knives and boards": """
        KN01|Chef's knife 21 cm|68.00|39.40|2.2|1|KN08
        KN02|Paring knife 9 cm|14.90|7.60|2.4|3|
        KN03|Bread knife 25 cm|31.00|17.40|1.4|1|
        KN04|Boning knife 15 cm|36.50|20.90|1.0|1|
        KN05|Chopping board 50 × 30 cm, green|19.80|10.20|1.8|2|KN06
        KN06|Chopping board 50 × 30 cm, red|19.80|10.20|1.6|2|
        KN07|Chopping board oak, 40 cm|58.00|35.60|1.0|1|
        KN08|Sharpening steel 30 cm|34.00|19.80|0.8|1|
        KN09|Mandoline slicer|89.00|56.10|0.6|1|
    """,
    "Tableware": """
        TW01|Dinner plate 27 cm, white|6.90|3.60|3.0|24|TW02
        TW02|Side plate 17 cm, white|4.40|2.20|2.2|24|
        TW03|Soup bowl 16 cm, white|5.60|2.90|2.0|24|
        TW04|Coffee cup 20 cl with saucer|6.20|3.30|2.2|12|
        TW05|Pasta plate 30 cm, stoneware|11.80|6.70|1.2|12|
        TW06|Slate serving board|13.50|7.40|0.9|6|
        TW07|Dinner fork, 12 pieces|21.60|12.10|1.8|2|TW08
        TW08|Table knife, 12 pieces|29.40|16.80|1.6|2|
        TW09|Dessert spoon, 12 pieces|20.40|11.30|1.2|2|
        TW10|Espresso cup 8 cl with saucer|5.20|2.70|1.2|12|
    """,
    "Glassware": """
        GL01|Wine glass 35 cl, 6 pieces|23.40|12.80|2.4|4|GL03
        GL02|Tumbler 30 cl, 12 pieces|19.80|10.30|2.2|4|
        GL03|Champagne flute 17 cl, 6 pieces|24.90|13.90|1.4|4|
        GL04|Beer glass 50 cl, 12 pieces|27.00|14.60|1.8|4|
        GL05|Gin balloon 65 cl, 6 pieces|32.50|18.90|1.0|2|
        GL06|Water carafe 1 l|8.60|4.40|1.2|6|
        GL07|Shot glass 4 cl, 12 pieces|11.20|5.60|0.8|2|
    """,
    "Baking": """
        BK01|Baking tray 60 × 40 cm, aluminium|16.40|8.90|2.2|6|BK02
        BK02|Baking paper 60 × 40 cm, 500 sheets|38.50|24.20|2.8|1|
        BK03|Piping bags 46 cm, 100 pieces|14.80|8.10|2.0|2|BK04
        BK04|Piping nozzles, set of 26|27.90|15.20|0.8|1|
        BK05|Springform 26 cm|18.20|9.90|1.4|2|
        BK06|Rolling pin, beech|15.60|8.40|1.0|1|
        BK07|Proofing basket 1 kg|13.90|7.30|1.2|4|
        BK08|Dough scraper|4.60|2.00|1.2|3|
        BK09|Digital scale 5 kg|49.00|29.60|0.9|1|
        BK10|Muffin cases, 1000 pieces|12.60|6.60|1.8|2|
    """,
    "Disposables": """
        DS01|Paper cup 30 cl, 1000 pieces|62.00|41.80|3.0|2|DS02
        DS02|Lid for paper cup, 1000 pieces|38.00|25.10|2.0|2|
        DS03|Take-away box 100 cl, 250 pieces|44.50|29.70|2.6|2|DS06
        DS04|Napkins 33 cm, 2000 pieces|31.20|20.30|2.8|2|
        DS05|Cling film 45 cm × 300 m|15.90|9.40|2.2|3|DS07
        DS06|Wooden forks, 1000 pieces|26.80|16.90|1.6|2|
        DS07|Aluminium foil 45 cm × 75 m|17.40|10.60|1.9|3|
        DS08|Vacuum bags 20 × 30 cm, 100 pieces|13.20|7.40|1.4|4|
        DS09|Paper straws, 500 pieces|9.80|5.30|1.4|3|
        DS10|Carrier bags kraft, 250 pieces|36.90|24.40|1.8|2|
    """,
    "Cleaning and hygiene": """
        CL01|Dishwasher detergent 10 l|41.80|27.20|3.0|2|CL02
        CL02|Rinse aid 10 l|39.40|25.60|2.2|1|
        CL03|Surface sanitiser 5 l|18.60|10.80|2.6|3|CL06
        CL04|Hand soap 5 l|16.20|9.20|1.8|2|
        CL05|Nitrile gloves, 100 pieces|8.90|5.20|2.8|6|
        CL06|Cleaning cloths, 50 pieces|11.70|6.30|1.8|3|
        CL07|Degreaser 5 l|22.40|13.40|1.4|2|
        CL08|Paper towels, 3000 sheets|34.60|23.10|2.2|2|
        CL09|Coffee machine tablets, 100 pieces|23.80|12.90|1.0|1|
    """,
    "Storage and transport": """
        ST01|Storage box 12 l with lid|13.80|7.40|2.0|6|ST02
        ST02|Day labels, 1000 pieces|9.40|4.60|1.6|3|
        ST03|Insulated carrier 1/1|146.00|98.40|0.8|1|
        ST04|Serving trolley, 3 shelves|189.00|126.50|0.5|1|
        ST05|Shelving unit 180 × 120 cm|214.00|147.00|0.4|1|
        ST06|Ingredient bin 80 l|118.00|78.20|0.5|1|
        ST07|Squeeze bottles 70 cl, 6 pieces|12.90|6.40|1.6|2|
    """,
    "Kitchen linen": """
        LI01|Apron with bib, black|17.90|9.60|2.0|4|
        LI02|Chef's jacket, white|36.50|21.30|1.6|3|LI01
        LI03|Tea towels, 10 pieces|22.40|12.70|2.4|2|
        LI04|Oven gloves, pair|19.60|10.80|1.4|2|
        LI05|Tablecloth 140 × 140 cm, white|21.80|12.60|1.4|8|LI06
        LI06|Linen napkins, 12 pieces|34.80|20.40|1.4|4|
    """,
    "Equipment": """
        EQ01|Espresso machine, two groups|3890.00|2980.00|0.5|1|CL09
        EQ02|Coffee grinder, on demand|640.00|462.00|0.9|1|
        EQ03|Planetary mixer 10 l|1180.00|868.00|0.7|1|
        EQ04|Vacuum packer, chamber|1460.00|1085.00|0.5|1|DS08
        EQ05|Stick blender 35 cm|236.00|158.00|1.6|1|
        EQ06|Contact grill, ribbed|398.00|276.00|1.0|1|
        EQ07|Glass washer 40 cm|1690.00|1275.00|0.6|1|CL01
        EQ08|Refrigerator 600 l|1540.00|1190.00|0.7|1|
        EQ09|Convection oven, 4 trays|1320.00|985.00|0.7|1|BK01
        EQ10|Sous-vide circulator|349.00|241.00|0.8|1|DS08
        EQ11|Food processor 3 l|518.00|362.00|0.9|1|
        EQ12|Soup kettle 10 l|112.00|71.00|1.2|1|
    """,
}


def articles():
    """Return the catalogue as a list of articles, in the catalogue's order.

    >>> found = {article.code: article for article in articles()}
    >>> found["DS01"].goes_with
    'DS02'
    >>> all(article.cost < article.price for article in found.values())
    True
    >>> all(found[a.goes_with] for a in found.values() if a.goes_with)
    True
    """
    return [
        _article(category, row)
        for category, rows in CATALOGUE.items()
        for row in rows.strip().splitlines()
    ]


def _article(category, row):
    code, name, price, cost, weight, case, goes_with = row.strip().split("|")
    return Article(
        code,
        name,
        category,
        float(price),
        float(cost),
        float(weight),
        int(case),
        goes_with,
    )
