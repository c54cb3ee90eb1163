from odoo.tests import tagged

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestMerge(InteractionCase):
    """Merged partners keep all that was said, and nothing of it twice."""

    def merge(self, into, *partners):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([into.id, *(partner.id for partner in partners)], into)
        self.env.invalidate_all()

    def test_interactions_of_both(self):
        keep, gone = self.partner("Keep"), self.partner("Gone")
        talks = self.log(partner=keep) | self.log(partner=gone)
        self.merge(keep, gone)
        self.assertEqual(self.interactions(keep), talks)
        self.assertEqual(talks.partner_id, keep)

    def test_message_that_went_to_both(self):
        """The host would delete every interaction of the one that goes."""
        keep, gone, third = (
            self.partner(name, email=f"{name.lower()}@x.example")
            for name in ("Keep", "Gone", "Third")
        )
        self.send("agent", self.bistro, [keep, gone, third])
        self.send("agent", self.bistro, [gone])
        hand = self.log(partner=gone, learned="Likes steel")
        both = self.interactions(gone)[0]
        both.write({"learned": "Pays late", "next_step": "Call", "said": "<p>Hm</p>"})
        step = both.activity_id
        self.interactions(keep).learned = "Is big"
        self.merge(keep, gone, third)
        left = self.interactions(keep)
        self.assertEqual(len(left), 3)
        self.assertIn(hand, left)
        self.assertEqual(left.commercial_partner_id, keep)
        joint = left.filtered("said")
        self.assertEqual(joint.learned, "Is big\nPays late")
        self.assertEqual((joint.next_step, joint.activity_id), ("Call", step))
        self.assertEqual(step.res_id, keep.id)

    def test_companies_with_their_people(self):
        self.send("agent", self.bistro, [self.jan, self.leo])
        self.log(partner=self.leo)
        self.merge(self.bistro, self.hotel)
        talks = self.interactions(self.bistro)
        self.assertEqual(len(talks), 2)
        self.assertEqual(
            talks[0].partner_id | talks[0].contact_ids, self.jan | self.leo
        )
        self.assertEqual(self.leo.commercial_partner_id, self.bistro)

    def test_contact_merged_into_another_companys(self):
        self.send("agent", self.bistro, [self.jan, self.leo])
        stays = self.log(partner=self.mia)
        self.merge(self.leo, self.jan)
        self.assertEqual(self.interactions(self.bistro), stays)
        talk = self.interactions(self.hotel)
        self.assertEqual(len(talk), 1)
        self.assertEqual(talk.partner_id, self.leo)

    def test_person_merged_into_a_contact(self):
        person = self.partner("Person", email="person@x.example")
        self.send("agent", self.bistro, [person, self.jan])
        self.log(partner=person)
        self.merge(self.jan, person)
        self.assertEqual(len(self.interactions(self.bistro)), 2)
        self.assertEqual(self.interactions().partner_id, self.jan)

    def test_meeting_with_both_is_captured_no_more(self):
        self.long_since()
        meeting = self.meeting([self.jan, self.leo])
        self.merge(self.bistro, self.hotel)
        meeting.name = "Tasting again"
        self.env["dcrm.interaction"]._capture_meetings(meeting)
        self.assertEqual(len(self.interactions()), 1)
        self.assertEqual(self.interactions().subject, "Tasting again")
