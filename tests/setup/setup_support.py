"""What the setup code's tests share."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def add_addon(folder, name, manifest="{}"):
    """An addon's folder with its manifest and nothing else."""
    (folder / name).mkdir(parents=True)
    (folder / name / "__manifest__.py").write_text(manifest)
    return folder / name
