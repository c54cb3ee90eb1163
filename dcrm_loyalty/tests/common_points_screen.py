"""What the tests of the screens of points stand on: members with some history."""

from datetime import timedelta

from .common_points import PointsCase

MANY = 10_000


class PointsScreenCase(PointsCase):
    """A club with two tiers; Alba is a member with points, Bora one who owes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        salesman = cls.env.ref("sales_team.group_sale_salesman")
        for role in ("seller", "other_seller", "seller_all", "manager"):
            cls.users[role].group_ids |= salesman

    def setUp(self):
        super().setUp()
        self.kept = self.points_club(tiers=(("Silver", 0), ("Gold", 0)))
        self.alba = self.partner("Alba", is_company=True, seller="seller")
        self.bora = self.partner("Bora", is_company=True, seller="other_seller")
        self.join(self.alba, self.kept, "Gold")
        self.join(self.bora, self.kept, "Silver")
        self.ours = self.open(self.alba)
        self.theirs = self.open(self.bora)

    def open(self, partner, club=None):
        """Return a customer's account in the club, new where there is none."""
        return self.env["dcrm.points.account"]._open(club or self.kept, partner)

    def history(self):
        """Let Alba earn 300, use 120 and have 40 pending, and Bora owe 25."""
        day = self.today()
        self.earned = self.ours._post(
            "earn",
            300.0,
            document=self.order(partner=self.alba),
            day=day - timedelta(70),
            expires_on=day + timedelta(20),
        )
        self.ours._post(
            "redeem",
            -120.0,
            document=self.order(partner=self.alba),
            reason="10 off",
            day=day - timedelta(35),
        )
        self.ours._post(
            "pending",
            0.0,
            pending=40.0,
            document=self.order(partner=self.alba),
            available_on=day + timedelta(9),
        )
        root = self.theirs._post("earn", 25.0, document=self.order(partner=self.bora))
        self.theirs._post("redeem", -25.0, reason="10 off")
        self.theirs._reverse(root, 25.0, reason="Goods came back")
        self.env.flush_all()

    def fill(self, account, count):
        """Add so many credits of one point to an account, at once."""
        self.env.flush_all()
        self.cr.execute(
            """
            INSERT INTO dcrm_points_move (
                account_id, card_id, club_id, company_id, kind, date, day, points,
                pending, expires_on, reference, create_uid, create_date
            )
            SELECT id, card_id, club_id, company_id, 'import', now() AT TIME ZONE 'UTC',
                   %s, 1, 0, %s::date + n %% 400, 'Row ' || n, %s,
                   now() AT TIME ZONE 'UTC'
              FROM dcrm_points_account, generate_series(1, %s) n WHERE id = %s
            """,
            (self.days_ago(3), self.today(), self.env.uid, count, account.id),
        )
        self.env.invalidate_all()

    def queries(self, work):
        """Return in how many statements some work is done, once it is warm."""
        for _attempt in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            work()
        return self.cr.sql_log_count - before
