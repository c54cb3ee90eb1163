"""What the host's types of activities are for us."""

from odoo.tools import SQL


def fill_channels(channels: dict[str, str]) -> SQL:
    """Say on which channel the activities of the types that are there take place.

    :param channels: by the category of the type
    """
    return SQL(
        """
        UPDATE mail_activity_type kind SET interaction_channel = known.channel
          FROM (VALUES %s) known(category, channel)
         WHERE kind.category = known.category
        """,
        SQL(", ").join(SQL("(%s, %s)", *pair) for pair in channels.items()),
    )
