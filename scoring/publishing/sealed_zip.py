"""Office files with the same bytes for the same content.

The libraries stamp the moment of writing into the archive; here every entry gets one fixed time, entries are stored
in order of name and uncompressed, so that neither clock nor compression library changes a byte.
"""

from __future__ import annotations

import io
import re
import zipfile

_MOMENT = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)")


def sealed(content: bytes, written_on: str) -> bytes:
    """The archive anew, its properties' dates set to `written_on` (ISO date)."""
    out = io.BytesIO()
    stamp = rb"\g<1>" + written_on.encode() + rb"T00:00:00Z\g<3>"
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        # The part that names all others comes first, as readers expect.
        names = sorted(given.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            data = given.read(name)
            if name == "docProps/core.xml":
                data = _STAMP.sub(stamp, data)
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            made.writestr(entry, data)
    return out.getvalue()
