from odoo import api, models
from odoo.exceptions import AccessError


class DcrmKeptMixin(models.AbstractModel):
    """What the system says of a record nobody else says: no call, no context.

    That is every stored field that is read only. Models of this mixin call
    :meth:`_refuse_kept` and :meth:`_without_kept_defaults` first when records are
    created, and the former when they are written: before they add what they say.
    """

    _name = "dcrm.kept.mixin"
    _description = "What the System Says"

    @api.model
    def _kept(self):
        """Return the names of the fields that the system writes."""
        return {
            name
            for name, field in self._fields.items()
            if field.store and field.readonly and name not in models.MAGIC_COLUMNS
        }

    @api.model
    def _refuse_kept(self, names):
        """Raise AccessError where a user writes what the system says.

        :param names: of the fields that are written
        """
        if not self.env.su and (kept := self._kept() & set(names)):
            raise AccessError(
                self.env._(
                    "Only the system sets these: %s.",
                    ", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in sorted(kept)
                    ),
                )
            )

    @api.model
    def _without_kept_defaults(self):
        """Return this model without what the context says in the system's stead.

        The context may be that of another screen: it says nothing of these records.
        """
        kept = {f"default_{name}" for name in self._kept()}
        if not kept & self.env.context.keys():
            return self
        context = {k: v for k, v in self.env.context.items() if k not in kept}
        return self.with_env(self.env(context=context))
