from odoo import models

from .dcrm_rfm_scheme import AXES

# How many of the latest stays in segments the path shows.
STAYS_SHOWN = 8


class DcrmCustomerPage(models.Model):
    """What the customer is worth, in which segment it is and how it got there."""

    _inherit = "dcrm.customer.page"

    def _page_facts(self):
        facts = super()._page_facts()
        stays = self.env["dcrm.segment.stay"]
        if self._may_read(stays._name):
            stays = stays.search_fetch(
                self._domain_here(),
                ["segment_id", "entered_on", "left_on"],
                order="entered_on desc, id desc",
                limit=STAYS_SHOWN,
            )
        # All segments at once.
        (facts["score"].segment_id | stays.segment_id).fetch()
        return {**facts, "stays": stays[::-1]}

    def _page_badges(self, facts):
        score, badges = facts["score"], []
        if segment := score.segment_id:
            title = self.env._("Segment")
            badges.append(self._badge(segment.name, segment.color, title=title))
        if score.value_class:
            name = self._name_of(score, "value_class")
            title = self.env._("By what this customer brings among all customers")
            badges.append(self._badge(self.env._("Value class %s", name), title=title))
        return badges + super()._page_badges(facts)

    def _name_of(self, record, name):
        """Return what a selection field of a record says, in words."""
        names = record._fields[name]._description_selection(self.env)
        return dict(names).get(record[name])

    # -- worth -----------------------------------------------------------------------

    def _section_worth(self, facts):
        if not self._may_read("dcrm.customer.score"):
            return None
        figures = self._worth_figures(facts)
        return self._section(
            "worth", self.env._("Worth"), "fa-diamond", [self._figures(figures)]
        )

    def _worth_figures(self, facts):
        """Return what the page says first, see :meth:`_figure`."""
        score = facts["score"]
        if not score:
            never = self.env._("nothing yet")
            return [self._figure(self.env._("Purchases"), never)]
        return [
            self._figure(
                self.env._("Purchase value"),
                self._whole_money(score.monetary),
                note=self._purchases_in_words(score),
                tone="danger" if score.monetary < 0 else None,
                action=self._call(score, "action_open_purchases"),
            ),
            self._last_purchase(score, facts["today"]),
            *self._customer_share(score),
        ]

    def _purchases_in_words(self, score):
        """Return how many purchases the window has, and of how much each is."""
        if not score.frequency:
            return self.env._("no purchases")
        if score.frequency == 1:
            return self.env._("1 purchase")
        return self.env._(
            "%(number)s purchases, %(average)s each",
            number=self._number(score.frequency),
            average=self._whole_money(score.monetary / score.frequency),
        )

    def _last_purchase(self, score, today):
        last = score.last_purchase_date
        since = score.first_purchase_date
        return self._figure(
            self.env._("Last purchase"),
            self._when(last, today) if last else self.env._("never"),
            note=since and self.env._("customer since %s", self._date(since)),
        )

    def _customer_share(self, score):
        """Return our share of what the customer spends, nothing where unknown."""
        if not score.share_of_wallet:
            return []
        if score.share_is_estimate:
            note = self.env._(
                "estimate from its peers: %(low)s to %(high)s",
                low=self._percent(score.share_low),
                high=self._percent(score.share_high),
            )
        elif score.share_of_wallet > 1:
            note = self.env._("more than it was known to spend: ask anew")
        else:
            note = self.env._("of what it is known to spend")
        label = score._fields["share_of_wallet"]._description_string(self.env)
        return [self._figure(label, self._percent(score.share_of_wallet), note=note)]

    # -- segment ---------------------------------------------------------------------

    def _section_segment(self, facts):
        score, segment = facts["score"], facts["score"].segment_id
        if not score:
            return None
        text = segment.meaning or self.env._("No segment has customers like this one.")
        return self._section(
            "segment",
            segment.name or self.env._("No segment"),
            "fa-pie-chart",
            [
                {"type": "text", "text": text},
                self._scales(score, facts["names"]["classes"]),
                self._path(facts["stays"], facts["today"]),
            ],
            note=self.env._("RFM %s", score.rfm_score),
        )

    def _scales(self, score, classes):
        """Return the block of the three classes: dicts ``label, text, class, of``."""
        return {
            "type": "scales",
            "items": [
                {
                    "label": score._fields[axis]._description_string(self.env),
                    "text": self._axis_in_words(score, axis),
                    "class": score[f"{axis}_class"],
                    "of": max(number, score[f"{axis}_class"]),
                }
                for axis, number in zip(AXES, classes or (0, 0, 0), strict=True)
            ],
        }

    def _axis_in_words(self, score, axis):
        if axis == "monetary":
            return self._whole_money(score.monetary)
        if axis == "recency" and not score.last_purchase_date:
            return score._axis_text(axis, None)
        return score._axis_text(axis, score[axis])

    def _path(self, stays, today):
        """Return the block of the stays in segments: dicts ``text, color, share``.

        The shares, in per cent, are those of the time since the first one shown.
        """
        if not stays:
            return None
        first = stays[0].entered_on
        whole = max((today - first).days, 1)
        return {
            "type": "path",
            "from": self._date(first),
            "until": self.env._("today"),
            "items": [
                {
                    "text": stay.segment_id.name,
                    "color": stay.segment_id.color,
                    "share": max(
                        100 * ((stay.left_on or today) - stay.entered_on).days / whole,
                        4,
                    ),
                    "title": self._stay_in_words(stay),
                }
                for stay in stays
            ],
        }

    def _stay_in_words(self, stay):
        if not stay.left_on:
            return self.env._(
                "%(segment)s since %(day)s",
                segment=stay.segment_id.name,
                day=self._date(stay.entered_on),
            )
        return self.env._(
            "%(segment)s, %(start)s to %(end)s",
            segment=stay.segment_id.name,
            start=self._date(stay.entered_on),
            end=self._date(stay.left_on),
        )
