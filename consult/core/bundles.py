"""Several of our JavaScript modules as one: a page that needs four behaviours asks once, not five times. No build step.

Our modules are written so that this stays simple: imports and exports stand at the beginning of a line, imports name what
they take, and only `main.js` is shared with the page, so it is never put into a bundle. A test holds them to it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence

FOLDER = "js/behaviours/"
SHARED = "js/main.js"
IMPORT = re.compile(r'^import (\{[^}]*\}) from "(\.[^"]+)";$', re.MULTILINE)
DEFAULT = re.compile(r"^export default function ?(\w*)\(", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class) (\w+))", re.MULTILINE)


def names_of(address: str, files: Mapping[str, bytes]) -> list[str]:
    """The behaviours that `js/behaviours/a+b.js` asks for; none unless they are there, in order, and several."""
    names = address.removeprefix(FOLDER).removesuffix(".js").split("+")
    is_ours = address == f"{FOLDER}{'+'.join(names)}.js" and names == sorted(set(names)) and len(names) > 1
    return names if is_ours and all(f"{FOLDER}{name}.js" in files for name in names) else []


def bundle(names: Sequence[str], files: Mapping[str, bytes]) -> bytes:
    """A module whose default export has the default export of each behaviour by its name."""
    within: dict[str, str] = {}  # path of a module: what it is called here
    outside: dict[str, None] = {}
    parts: list[str] = []
    for name in names:
        _add(f"{FOLDER}{name}.js", files, within, outside, parts)
    pairs = ", ".join(f'"{name}": {within[f"{FOLDER}{name}.js"]}.default' for name in names)
    return "\n".join([*outside, *parts, f"export default {{ {pairs} }};", ""]).encode()


def _add(
    path: str, files: Mapping[str, bytes], within: dict[str, str], outside: dict[str, None], parts: list[str]
) -> None:
    """Append a module, after those it imports."""
    text, given = files[path].decode(), []
    for taken, place in IMPORT.findall(text):
        other = posixpath.normpath(posixpath.join(posixpath.dirname(path), place))
        if other == SHARED:
            outside[f'import {taken} from "{place}";'] = None
            continue
        if other not in within:
            _add(other, files, within, outside, parts)
        given.append(f"const {taken} = {within[other]};")
    default = DEFAULT.search(text)
    exports = [f"default: {default[1] or 'behaviour'}"] if default else []
    exports += EXPORT.findall(text)
    text = EXPORT.sub("", DEFAULT.sub(lambda found: f"function {found[1] or 'behaviour'}(", IMPORT.sub("", text)))
    within[path] = f"module{len(within)}"
    body = "\n".join([*given, text.strip()])
    parts.append(f"const {within[path]} = (() => {{\n{body}\nreturn {{ {', '.join(exports)} }};\n}})();")
