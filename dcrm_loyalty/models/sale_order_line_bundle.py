import uuid
from contextlib import contextmanager

from odoo import api, models

# Set while something changes an order's lines step by step: the bundles are looked at
# once, when all is done.
SETTLING = "dcrm_bundles_settling"

# What, written on a line, concerns the bundle that it belongs to.
WATCHED = {"product_id", "product_uom_qty", "product_uom_id", "discount"}


class SaleOrderLine(models.Model):
    """Keep bundles together: made, changed and taken apart as one."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(self._add_virtual_ids(vals_list))
        if any(line.product_id.is_bundle or line.bundle_quantity for line in lines):
            lines._complete_bundles(vals_list)
        return lines

    def write(self, vals):
        if not WATCHED & vals.keys():
            return super().write(vals)
        with self.order_id._settle_bundles() as orders:
            lines = self.with_env(orders.env)
            followers = lines._get_bundle_followers()
            result = super(SaleOrderLine, lines).write(vals)
            if {"product_uom_qty", "product_uom_id"} & vals.keys():
                lines._spread_bundle_quantity(followers)
            if "discount" in vals:
                parts = [line._get_bundle_parts() for line in lines]
                (lines.concat(*parts) - lines)._apply_bundle_discount()
        return result

    def unlink(self):
        with self.order_id._settle_bundles() as orders:
            return super(SaleOrderLine, self.with_env(orders.env)).unlink()

    def copy_data(self, default=None):
        """Copy a bundle as it was sold, also when it is made differently by now."""
        vals_list = super().copy_data(default)
        for line, vals in zip(self, vals_list, strict=True):
            bundle = line._get_bundle_line()
            choices = bundle.product_id.sudo().combo_ids.combo_item_ids
            if bundle and line.combo_item_id not in choices:
                vals["combo_item_id"] = False
        return vals_list

    # -- making ------------------------------------------------------------------------

    def _complete_bundles(self, vals_list=()):
        """Add the parts that are missing, and bring those given into line.

        :param list vals_list: what the lines were created with
        """
        with self.order_id._settle_bundles() as orders:
            lines = self.with_env(orders.env)
            bundles = lines.filtered("bundle_part_count")
            bare = (lines - bundles).product_id.product_tmpl_id.filtered("is_bundle")
            bare._check_bundle_sellable()
            bundles._set_own_virtual_id()
            lines._fit_new_bundle_parts(vals_list)
            bare = bundles.filtered(
                lambda line: not line.bundle_broken and not line._get_bundle_parts()
            )
            parts = bare._create_bundle_parts()
            # Where the order's lines stand by themselves, parts follow their bundle.
            (parts | bare).order_id._place_bundle_parts()

    @api.model
    def _add_virtual_ids(self, vals_list):
        """Give lines of bundles that have none what their parts are linked by."""
        ids = {vals.get("product_id") for vals in vals_list} - {None, False}
        bundles = self.env["product.product"].browse(ids).filtered("is_bundle")._ids
        return [
            {"virtual_id": str(uuid.uuid4()), **vals}
            if vals.get("product_id") in bundles
            else vals
            for vals in vals_list
        ]

    def _set_own_virtual_id(self):
        """Let no two bundles of an order be taken for each other when it is copied."""
        for line in self:
            others = line.order_id.order_line - line
            if not line.virtual_id or line.virtual_id in others.mapped("virtual_id"):
                line.virtual_id = str(uuid.uuid4())
                line._get_bundle_parts().linked_virtual_id = line.virtual_id

    def _fit_new_bundle_parts(self, vals_list):
        """Let parts created beside, or after, their bundle take their place in it."""
        given = dict(zip(self.ids, vals_list, strict=False))
        for part in self:
            bundle = part._get_bundle_line()
            if not bundle:
                continue
            if part.linked_virtual_id != bundle.virtual_id:
                part.linked_virtual_id = bundle.virtual_id
            if replaced := part._get_same_choice(bundle) - self:
                # Chosen anew, as the shop does: the last choice counts.
                replaced.unlink()
            if bundle.bundle_broken:
                continue
            part._follow_bundle_quantity(bundle)
            if "discount" not in given.get(part.id, {}):
                part._apply_bundle_discount()

    def _get_same_choice(self, bundle):
        """Return the bundle's parts that are of the same choice as the part."""
        self.ensure_one()
        choice = self.sudo().combo_item_id.combo_id
        return bundle._get_bundle_parts().filtered(
            lambda line: choice and line.sudo().combo_item_id.combo_id == choice
        )

    def _create_bundle_parts(self):
        """Create the parts of the bundles' lines, each the first choice that sells."""
        self.product_id.product_tmpl_id._check_bundle_sellable()
        return self.create(
            [
                line._prepare_bundle_part(combo._get_bundle_default_item())
                for line in self
                for combo in line.product_id.sudo().combo_ids
            ]
        )

    def _prepare_bundle_part(self, item):
        """Return the values of the line of the part ``item`` (`product.combo.item`)."""
        self.ensure_one()
        bundles = self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, round=False
        )
        return {
            "order_id": self.order_id.id,
            "product_id": item.product_id.id,
            "product_uom_qty": bundles * item.quantity,
            "combo_item_id": item.id,
            "linked_line_id": self.id,
            "linked_virtual_id": self.virtual_id,
            "sequence": self.sequence,
        }

    # -- changing ----------------------------------------------------------------------

    def _get_bundle_followers(self):
        """Return the parts of the bundles' lines that are there as asked for."""
        return self.concat(
            *(
                line._get_bundle_parts().filtered(
                    lambda part, line=line: part._follows_bundle(line)
                )
                for line in self
            )
        )

    def _spread_bundle_quantity(self, followers):
        """Let parts follow the quantities of their bundles' lines.

        A part left out stays left out; a whole bundle's part can't have another
        quantity than asked for, other than none at all.
        """
        for part in followers.exists() - self:
            part._follow_bundle_quantity(part._get_bundle_line())
        for part in self.filtered("product_uom_qty"):
            bundle = part._get_bundle_line()
            if bundle and not bundle.bundle_broken:
                part._follow_bundle_quantity(bundle)

    def _follow_bundle_quantity(self, bundle):
        self.ensure_one()
        if bundle and not self._follows_bundle(bundle):
            self.product_uom_qty = self._get_bundle_part_quantity(bundle)

    def _follow_bundle_on_screen(self):
        """Do for a bundle's line that is being edited what saving it will do."""
        self.ensure_one()
        parts, before = self._get_bundle_parts(), self._origin
        if not parts and not before:
            # Nothing is chosen yet; what is saved without a choice gets all parts.
            return
        for part in parts:
            left_out = self.bundle_broken and part._origin and before
            if left_out and not part._origin._follows_bundle(before):
                part.product_uom_qty = part._origin.product_uom_qty
            else:
                part._follow_bundle_quantity(self)
        broken = not self._is_whole_bundle()
        if broken != self.bundle_broken:
            self.bundle_broken = broken
            self.discount = self._get_bundle_discount()
        parts._apply_bundle_discount()

    # -- settling ----------------------------------------------------------------------

    def _settle_bundle(self, before):
        """See whether the bundle's line is whole; if that changed, say so.

        :param dict before: what :meth:`_get_bundle_state` returned before the change
        """
        self.ensure_one()
        if before.get("product", self.product_id) != self.product_id:
            self.browse(before["parts"]).exists().filtered(
                lambda part: not part._is_part_of_bundle() or part in self._misfits()
            ).unlink()
            self._complete_bundles()
        if not self.bundle_part_count:
            return
        broken = not self._is_whole_bundle()
        if broken != self.bundle_broken:
            self.bundle_broken = broken
            self.discount = self._get_bundle_discount()
        if broken != before.get("broken", broken):
            self._tell_bundle_change(before["parts"])

    def _misfits(self):
        """Return the parts that are none of the choices of the bundle."""
        choices = self.product_id.sudo().combo_ids.combo_item_ids
        return self._get_bundle_parts().filtered(
            lambda part: part.combo_item_id not in choices
        )

    def _get_bundle_state(self):
        """Return what the line of a bundle is before a change."""
        self.ensure_one()
        parts = self._get_bundle_parts()
        return {
            "product": self.product_id,
            "broken": self.bundle_broken,
            "parts": {part.id: part.product_id.display_name for part in parts},
        }

    def _tell_bundle_change(self, parts_before):
        """Say on the order that the bundle lost its discount, or has it again."""
        name = self.product_id.display_name
        discount = self.product_id.bundle_discount
        there = self._get_bundle_parts().filtered(lambda p: p._follows_bundle(self))
        gone = [n for id_, n in parts_before.items() if id_ not in there.ids]
        if not self.bundle_broken:
            text = self.env._(
                "The bundle %(bundle)s is complete again: its discount of "
                "%(discount)g %% applies.",
                bundle=name,
                discount=discount,
            )
        else:
            text = self.env._(
                "The bundle %(bundle)s is incomplete without %(parts)s: its discount "
                "of %(discount)g %% no longer applies to the other parts.",
                bundle=name,
                parts=", ".join(gone),
                discount=discount,
            )
        self.order_id.message_post(body=text)

    @contextmanager
    def _as_bought_singly(self):
        """Let the parts' lines be read as lines of no combo, for a while.

        Only what is read in this transaction changes: nothing is written.
        """
        self.flush_recordset(["combo_item_id"])
        field = self._fields["combo_item_id"]
        try:
            field._update_cache(self, None)
            yield
        finally:
            self.invalidate_recordset(["combo_item_id"], flush=False)
