"""The documents that come with the package: where they lie, and the one copy of each in memory."""

from __future__ import annotations

from pathlib import Path

from syncdyn.openapi.document import Document
from syncdyn.openapi.errors import DocumentError
from syncdyn.openapi.loading import CacheFolder, load_shared

_PACKAGE = Path(__file__).parents[1]
#: In an installed package, and in a checkout.
_FOLDERS = (_PACKAGE / "_spec", _PACKAGE.parent / "spec")


def spec_folder() -> Path:
    """The folder of the bundled documents."""
    return next((folder for folder in _FOLDERS if folder.is_dir()), _FOLDERS[0])


def bundled(name: str) -> Path:
    """The path of one bundled file.

    Raises DocumentError when there is none of that name.
    """
    folder = spec_folder()
    path = folder / name
    if path.parent != folder or not path.is_file():
        there = ", ".join(sorted(each.name for each in folder.glob("*.yaml"))) or "none"
        raise DocumentError(f"{name}: no bundled document of that name; there are: {there}")
    return path


def bundled_files(name: str = "sync", *, with_mock: bool = False) -> tuple[Path, tuple[Path, ...]]:
    """The paths of a bundled document and of its overlays: that for clients, then that for the mock."""
    overlays = (f"{name}.overlay.yaml", f"{name}.mock.overlay.yaml")[: 2 if with_mock else 1]
    return bundled(f"{name}.openapi.yaml"), tuple(bundled(overlay) for overlay in overlays)


def load_bundled(name: str = "sync", *, with_mock: bool = False, cache_folder: CacheFolder = "user") -> Document:
    """The bundled document with its overlays; one copy for the whole process.

    Raises DocumentError when its files are missing.
    """
    document, overlays = bundled_files(name, with_mock=with_mock)
    return load_shared(document, overlays=overlays, cache_folder=cache_folder)
