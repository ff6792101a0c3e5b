"""Matplotlib figures that a cell left open, as PNG."""

import base64
import io
import sys

MOST_PLOTS = 8
MOST_BYTES = 2 * 1024 * 1024


def take_plots() -> list[dict[str, str]]:
    """Renders and closes them. Says on the standard output what it left out."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    numbers = pyplot.get_fignums()
    outputs = []
    try:
        for number in numbers[:MOST_PLOTS]:
            image = io.BytesIO()
            pyplot.figure(number).savefig(image, format="png", dpi=100, bbox_inches="tight")
            if image.tell() > MOST_BYTES:
                print(f"[figure {number} left out: {image.tell()} bytes, the limit is {MOST_BYTES}; make it smaller]")
            else:
                outputs.append({"mime": "image/png", "data": base64.b64encode(image.getvalue()).decode()})
        if len(numbers) > MOST_PLOTS:
            print(f"[{len(numbers) - MOST_PLOTS} figures left out: at most {MOST_PLOTS} are shown for a cell]")
    finally:
        pyplot.close("all")
    return outputs
