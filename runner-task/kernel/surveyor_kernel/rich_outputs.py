"""What the value of a cell's last expression shows of itself beside its text, as notebooks ask for it."""

import base64
import json
from typing import Any

# Text grows up to six times in a message, and a message holds four of them beside the figures.
MOST_BYTES = 512 * 1024

_FORMS = {
    "_repr_html_": "text/html",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_json_": "application/json",
}


def show(value: object) -> list[dict[str, str]]:
    """The outputs of a value. Says on the standard output what it left out."""
    outputs = []
    for method, mime in _FORMS.items():
        # Of the type, as Python does it for its own: a class has the methods of its instances.
        represent = getattr(type(value), method, None)
        if represent is None:
            continue
        try:
            data = _text(represent(value), mime)
        except Exception as raised:  # noqa: BLE001 - the value's text is there all the same
            print(f"[{mime} of the value left out: {type(raised).__name__} in {method}]")
            continue
        if data is None:
            continue
        if len(data.encode(errors="replace")) > MOST_BYTES:
            size = f"{len(data)} characters, the limit is {MOST_BYTES} bytes"
            print(f"[{mime} of the value left out: {size}; show a part of it]")
        else:
            outputs.append({"mime": mime, "data": data})
    return outputs


def _text(represented: Any, mime: str) -> str | None:
    # The second of two is metadata, which nobody reads here.
    data = represented[0] if isinstance(represented, tuple) else represented
    if data is None:
        return None
    if mime == "application/json":
        return json.dumps(data)
    return base64.b64encode(data).decode() if mime == "image/png" else str(data)
