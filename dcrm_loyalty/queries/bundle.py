"""What becomes of bundles that were sold when nobody knows of bundles any more."""

from odoo.tools import SQL


def leave_combos() -> SQL:
    """Let the parts of bundles be no choices of combos; yield the ids of their lines.

    Nothing else about the lines changes, not even when they were last written.
    """
    return SQL(
        """
        UPDATE sale_order_line part
           SET combo_item_id = NULL
          FROM sale_order_line bundle
         WHERE bundle.id = part.linked_line_id AND bundle.bundle_part_count > 0
           AND part.bundle_quantity > 0 AND part.combo_item_id IS NOT NULL
        RETURNING part.id
        """
    )
