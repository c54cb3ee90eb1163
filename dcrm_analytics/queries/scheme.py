"""What a scheme's segment grid is, in a word."""

from odoo.tools import SQL


def grid_digests(scheme_ids) -> SQL:
    """Yield (scheme id, digest of its grid): another digest, another partition."""
    return SQL(
        """
        SELECT scheme_id, md5(string_agg(
                   concat_ws(' ', recency_class, frequency_class, monetary_class,
                             segment_id),
                   ',' ORDER BY recency_class, frequency_class, monetary_class))
          FROM dcrm_segment_cell
         WHERE scheme_id = ANY(%s)
         GROUP BY scheme_id
        """,
        list(scheme_ids),
    )
