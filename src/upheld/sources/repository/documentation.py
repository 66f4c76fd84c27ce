"""Which public names of a Python file carry no docstring.

Public is what a reader may use without asking: classes and functions of a module, methods of public classes; no
leading underscore anywhere on the way, not in tests, not inside a function. Overloads, property setters and methods
marked as overriding speak through the definition they belong to.
"""

import ast
import warnings
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from upheld.errors import EvidenceError

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_SPEAKS_ELSEWHERE = frozenset({"overload", "setter", "deleter", "override"})


def is_public_module(path: str) -> bool:
    """Whether a file (path from the project's root) is a Python module that others may import; tests are not."""
    *folders, name = PurePosixPath(path).parts or ("",)
    if not name.endswith(".py") or name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py"):
        return False
    if name.startswith("_") and name not in ("__init__.py", "__main__.py"):
        return False
    return not any(folder in ("test", "tests") or folder.startswith(("_", ".")) for folder in folders)


def undocumented(source: bytes, where: str) -> Mapping[str, int]:
    """Qualified name → line of the public names without docstring; a name defined twice is documented by either.

    Raises EvidenceError naming file:line when Python cannot parse the source; `where` is the file's name in it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the team's code, which is not ours to warn about
            module = ast.parse(source)
    except SyntaxError as error:
        raise EvidenceError(f"{where}:{error.lineno or 1}: Python cannot parse it: {error.msg}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise EvidenceError(f"{where}:1: Python cannot parse it: {str(error) or type(error).__name__}") from None
    lines: dict[str, int] = {}
    documented: set[str] = set()
    for name, definition in _definitions(module):
        if (ast.get_docstring(definition, clean=False) or "").strip():
            documented.add(name)
        lines[name] = min(definition.lineno, lines.get(name, definition.lineno))
    return {name: line for name, line in sorted(lines.items(), key=lambda item: item[1]) if name not in documented}


def _definitions(module: ast.Module) -> Iterator[tuple[str, _Definition]]:
    """The public definitions with their qualified names, those in branches of `if`, `try` … included."""
    scopes: list[tuple[ast.AST, str]] = [(module, "")]  # a list and no recursion: `elif` nests as deep as it is long
    while scopes:
        scope, prefix = scopes.pop()
        for node in ast.iter_child_nodes(scope):
            if isinstance(node, _Definition):
                if node.name.startswith("_") or _speaks_elsewhere(node):
                    continue
                yield prefix + node.name, node
                if isinstance(node, ast.ClassDef):
                    scopes.append((node, f"{prefix}{node.name}."))
            elif isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
                scopes.append((node, prefix))


def _speaks_elsewhere(definition: _Definition) -> bool:
    """`@overload`, `@typing.overload`, `@override`, `@value.setter`, `@value.deleter`."""
    for decorator in definition.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
        if name in _SPEAKS_ELSEWHERE:
            return True
    return False
