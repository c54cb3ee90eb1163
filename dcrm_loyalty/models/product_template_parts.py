from odoo import api, fields, models
from odoo.fields import Command


class ProductTemplate(models.Model):
    """Make a bundle from a plain list of parts: each becomes a choice of the combo."""

    _inherit = "product.template"

    bundle_item_ids = fields.One2many(
        "product.combo.item",
        string="Parts",
        compute="_compute_bundle_item_ids",
        search="_search_bundle_item_ids",
        readonly=False,
        help="What the bundle holds. Of parts that are of one choice, the buyer takes "
        "one; the first when nobody chooses.",
    )

    @api.depends("combo_ids.combo_item_ids")
    def _compute_bundle_item_ids(self):
        for template in self:
            template.bundle_item_ids = template.combo_ids.combo_item_ids

    def _search_bundle_item_ids(self, operator, value):
        return [("combo_ids.combo_item_ids", operator, value)]

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._parts_to_choices(vals) for vals in vals_list])

    def write(self, vals):
        if "bundle_item_ids" not in vals:
            return super().write(vals)
        for template in self:
            own = template._parts_to_choices(vals)
            super(ProductTemplate, template).write(own)
        return True

    def _parts_to_choices(self, vals):
        """Return ``vals`` with what is done to the parts as done to the choices.

        A new part is a choice of its own. A part taken out takes its choice along,
        unless that has other products.
        """
        vals = dict(vals)
        items = self.env["product.combo.item"]
        choices = list(vals.get("combo_ids") or ())
        for command in vals.pop("bundle_item_ids", None) or ():
            code, item = command[0], items.browse(command[1] or ())
            if code == Command.CREATE:
                choices.append(Command.create(self._prepare_choice(command[2])))
            elif code == Command.UPDATE:
                item.write(command[2])
            elif code in (Command.DELETE, Command.UNLINK):
                choices += item._take_out_of_bundle()
        if choices:
            vals["combo_ids"] = choices
        return vals

    def copy_data(self, default=None):
        """Give the copy of a bundle parts of its own, to be changed without the first.

        What several products offer to choose from they still share.
        """
        vals_list = super().copy_data(default)
        for template, vals in zip(self, vals_list, strict=True):
            if template.is_bundle and "combo_ids" not in (default or {}):
                choices = template.combo_ids
                shared = choices._get_shared()
                vals["combo_ids"] = [Command.link(choice.id) for choice in shared] + [
                    Command.create(own) for own in (choices - shared).copy_data()
                ]
        return vals_list

    def _prepare_choice(self, part):
        product = self.env["product.product"].browse(part.get("product_id"))
        return {
            "name": product.name,
            "company_id": product.company_id.id,
            "combo_item_ids": [Command.create(part)],
        }
