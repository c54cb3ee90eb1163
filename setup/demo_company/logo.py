"""The company's mark: a bird's head on a plate, drawn rather than kept as a file."""

import base64
import io

from PIL import Image, ImageDraw

SIZE = 512
GREEN = (24, 78, 68)
CREAM = (246, 241, 230)
ORANGE = (222, 118, 53)


def drawn():
    """Return the logo as base64 of a PNG, as the host's image fields take it."""
    image = Image.new("RGBA", (SIZE, SIZE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((8, 8, SIZE - 8, SIZE - 8), fill=GREEN)
    draw.ellipse((52, 52, SIZE - 52, SIZE - 52), outline=CREAM, width=10)
    draw.ellipse((150, 160, 340, 350), fill=CREAM)
    draw.pieslice((120, 220, 400, 500), 200, 300, fill=CREAM)
    draw.polygon([(322, 215), (322, 290), (420, 252)], fill=ORANGE)
    draw.ellipse((262, 222, 292, 252), fill=GREEN)
    file = io.BytesIO()
    image.resize((256, 256), Image.LANCZOS).save(file, "PNG")
    return base64.b64encode(file.getvalue())
