"""Customers in two segments by the grid, and rules that say otherwise."""

from .common_score import ScoreCase


class SegmentCase(ScoreCase):
    """Who bought for more than 100 is a Champion by the grid, all others are Lost.

    ``cls.third`` is a segment that no cell leads to.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        grid = cls.scheme._grid()
        cls.good, cls.bad = cls.segments["champion"], cls.segments["lost"]
        cls.scheme._set_grid(
            {cell: (cls.good if cell[2] > 1 else cls.bad).id for cell in grid}
        )
        cls.scheme.write(
            {
                "method": "manual",
                "recency_cuts": "40; 30; 20; 10",
                "frequency_cuts": "100; 200; 300; 400",
                "monetary_cuts": "100; 9997; 9998; 9999",
            }
        )
        cls.third = cls.env["dcrm.segment"].create({"name": "Hotels", "color": 5})
        cls.tag = cls.env["res.partner.category"].create({"name": "Hotel"})
        cls.rules = cls.env["dcrm.segment.rule"]

    def customers(self, *amounts, **values):
        """Return a customer for each amount, who bought for it yesterday."""
        partners = [self.partner(**values) for _amount in amounts]
        self.book(
            [
                (partner, self.days_ago(1), amount)
                for partner, amount in zip(partners, amounts, strict=True)
            ]
        )
        return partners

    def rule(self, domain=None, segment=None, **values):
        """Return a rule of company A; by default: hotels by their tag."""
        return self.rules.create(
            {
                "name": f"Rule {next(self.numbers)}",
                "company_id": self.company_a.id,
                "segment_id": (segment or self.third).id,
                "domain": repr(
                    [("category_id", "in", self.tag.ids)] if domain is None else domain
                ),
                **values,
            }
        )

    def segment_of(self, *partners):
        self.env.invalidate_all()
        return [self.score_of(partner).segment_id for partner in partners]

    def stays_of(self, partner):
        """Return the segments that a customer was in, one after the other."""
        stays = self.env["dcrm.segment.stay"].search(
            [("partner_id", "=", partner.id)], order="id"
        )
        return [(stay.segment_id, bool(stay.left_on)) for stay in stays]
