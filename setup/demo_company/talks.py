"""What is said between the company's people and its customers.

Each row: subject, what was said, what was learned, what is to be done next.
"""

TALKS = {
    "visit": (
        (
            "Visit to the new kitchen",
            "Walked through the plans with the head chef.",
            "They open a second room in spring.",
            "Offer for the second room",
        ),
        (
            "Tasting of the new glassware",
            "Left two sets to try.",
            "The owner decides, the head waiter chooses.",
            "",
        ),
        (
            "Yearly review",
            "Went through the year's orders together.",
            "Napkins come from a rival: ours are too thin for them.",
            "Send samples of the heavy napkins",
        ),
    ),
    "sales_centre": (
        ("Came by for pans", "Tried the carbon steel pans, took four.", "", ""),
        (
            "Asked about mixers",
            "Showed the ten litre mixer.",
            "Bakes for two cafés since May.",
            "Price for the mixer with delivery",
        ),
    ),
    "phone": (
        ("Order put right", "Twelve plates too few last time; sent after.", "", ""),
        (
            "No order for a while",
            "Was short of staff, all well otherwise.",
            "The purchaser changed in summer.",
            "Introduce us to the new purchaser",
        ),
        ("Delivery before noon", "Needs deliveries before eleven from now on.", "", ""),
        (
            "Asked for terms",
            "Would like sixty days.",
            "Pays on Fridays only.",
            "Ask accounts about sixty days",
        ),
    ),
    "call_centre": (
        ("Where is the delivery?", "Was on the van, there an hour later.", "", ""),
        ("Opening hours", "Told the hours of the counter.", "", ""),
    ),
    "email": (
        ("Price list for the season", "Sent the list with the club's prices.", "", ""),
        ("Photos of the chipped plates", "Four plates of the last delivery.", "", ""),
    ),
    "web": (("Question from the web form", "Which pans suit induction?", "", ""),),
    "chat": (("Chat about lids", "Needs lids of 20 cm, six of them.", "", ""),),
    "symposium": (
        (
            "Evening of the Chefs' Circle",
            "Talked about waste and packaging.",
            "Looks for take-away boxes without plastic.",
            "Send the new boxes",
        ),
    ),
    "exhibition": (
        (
            "At our stand in Dublin",
            "Looked at ovens for half an hour.",
            "Renews the kitchen next year.",
            "Visit about the new kitchen",
        ),
    ),
    "letter": (
        ("A letter of thanks", "For the quick help before the wedding.", "", ""),
    ),
    "portal": (("Asked for a copy of an invoice", "Sent the copy.", "", ""),),
}

# Kind of ticket, subject, what the customer writes, what we answer.
REQUESTS = (
    (
        "problem",
        "Lid does not fit the saucepan",
        "The lids of 20 cm are too small.",
        "A wrong batch; right ones leave today.",
    ),
    (
        "problem",
        "Dishwasher leaves streaks on glasses",
        "Since the last detergent.",
        "Please halve the rinse aid; our technician calls tomorrow.",
    ),
    (
        "problem",
        "Espresso machine loses pressure",
        "Down to six bars at peak time.",
        "The technician comes with a new pump.",
    ),
    (
        "complaint",
        "Plates arrived broken",
        "Seven of twenty-four, see the photo.",
        "We are sorry: seven new ones come with tomorrow's van.",
    ),
    (
        "complaint",
        "Delivery too late for the wedding",
        "We had asked for nine o'clock.",
        "We should have called. The delivery is on us.",
    ),
    (
        "complaint",
        "Invoice sent twice",
        "Both in the same week.",
        "One is cancelled; nothing is due.",
    ),
    (
        "return",
        "Aprons in the wrong colour",
        "Ordered black, got grey.",
        "Please keep them until the van comes on Thursday.",
    ),
    (
        "return",
        "One box of cups too many",
        "Can you take it back?",
        "Gladly; the credit note follows.",
    ),
    (
        "question",
        "Which pan for induction?",
        "We change to induction in June.",
        "All with steel bottoms do: here is the list.",
    ),
    (
        "question",
        "Do the boxes go into compost?",
        "Our city asks for it.",
        "They do, and here is the certificate.",
    ),
    (
        "question",
        "Copy of last year's invoices",
        "For our accountant.",
        "Attached, all of them.",
    ),
    (
        "question",
        "When is the oven delivered?",
        "The fitter asks.",
        "On Tuesday between eight and ten.",
    ),
)
